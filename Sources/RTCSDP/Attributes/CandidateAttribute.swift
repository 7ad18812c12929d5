// SPDX-License-Identifier: Apache-2.0

/// An ICE candidate as text carries it (RFC 8839 §5.1, RFC 6544 §4.5, RFC 8838 §13 for `ufrag`).
///
///     candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type>
///               [raddr <address>] [rport <port>] *(<name> <value>)
package struct CandidateAttribute: Hashable, Sendable, SDPWritable {
    /// One extension, a name and its value.
    package struct Extension: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The kinds of candidates; an open set.
    package struct Kind: RawRepresentable, Hashable, Sendable {
        package var rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let host = Kind(rawValue: "host")
        package static let serverReflexive = Kind(rawValue: "srflx")
        package static let peerReflexive = Kind(rawValue: "prflx")
        package static let relayed = Kind(rawValue: "relay")
    }

    /// 1 to 32 characters.
    package var foundation: String
    /// 1 for RTP and data, 2 for RTCP that is not multiplexed.
    package var component: UInt16
    /// `udp`, `tcp` or another word, spelled as it came; compare with ``isUDP`` and ``isTCP``.
    package var transport: String
    /// Larger is better (RFC 8445 §5.1.2).
    package var priority: UInt32
    /// An IPv4 or IPv6 address, or a name such as `….local`, as it was written.
    package var address: String
    /// 0 to 65535; 9 for a TCP candidate that only connects.
    package var port: UInt16
    /// Host, reflexive or relayed.
    package var kind: Kind
    /// The base of a reflexive candidate, or the mapped address of a relayed one.
    package var relatedAddress: String?
    /// The port of `relatedAddress`.
    package var relatedPort: UInt16?
    /// `active`, `passive` or `so` (RFC 6544 §4.5).
    package var tcpType: String?
    /// Chromium's count of restarts.
    package var generation: UInt32?
    /// The ICE generation it belongs to.
    package var usernameFragment: String?
    /// Chromium's number of the network interface.
    package var networkID: UInt32?
    /// Chromium's cost of the network, 0 to 999.
    package var networkCost: UInt32?
    /// The extensions that have no field of their own, in the order in which they came.
    package var extensions: [Extension] = []

    /// A candidate without extensions.
    package init(
        foundation: String, component: UInt16 = 1, transport: String = "udp", priority: UInt32, address: String,
        port: UInt16, kind: Kind
    ) {
        self.foundation = foundation
        self.component = component
        self.transport = transport
        self.priority = priority
        self.address = address
        self.port = port
        self.kind = kind
    }

    /// Whether the transport is UDP, in whatever case.
    package var isUDP: Bool { self.transport.lowercased() == "udp" }
    /// Whether the transport is TCP, in whatever case.
    package var isTCP: Bool { self.transport.lowercased() == "tcp" }
}

// MARK: - Text

extension CandidateAttribute {
    /// The longest text, in bytes, that is taken for a candidate on its own.
    package static let maximumTextLength = 2_048

    /// Parses a candidate with or without `candidate:` or `a=candidate:` before it, as the browsers' API takes it.
    package init(parsing text: String) throws(SDPError) {
        func error(_ expected: String) -> SDPError {
            SDPError(line: 0, text: String(text.prefix(SDPError.maximumTextLength)), expected: expected)
        }
        guard text.utf8.count <= Self.maximumTextLength, var fields = FieldReader(text: text) else {
            throw error("one candidate line")
        }
        _ = fields.take(prefix: "a=")
        _ = fields.take(prefix: "candidate:")
        do throws(Expected) {
            try self.init(reading: &fields)
            try fields.finish()
        } catch {
            throw SDPError(line: 0, text: String(text.prefix(SDPError.maximumTextLength)), expected: error.what)
        }
    }

    init(reading fields: inout FieldReader) throws(Expected) {
        self.foundation = try fields.word("a foundation")
        guard self.foundation.utf8.count <= 32 else { throw Expected("a foundation of at most 32 characters") }
        self.component = try fields.number(in: 1...256, "a component")
        self.transport = try fields.word("a transport, udp or tcp")
        self.priority = try fields.number(in: 0...UInt32.max, "a priority")
        self.address = try fields.word("an address")
        guard self.address.utf8.count <= 255 else { throw Expected("an address of at most 255 characters") }
        self.port = try fields.number(in: 0...UInt16.max, "a port")
        guard fields.word() == "typ" else { throw Expected("\"typ\" and the type of the candidate") }
        self.kind = Kind(rawValue: try fields.word("host, srflx, prflx or relay"))
        while let name = fields.word() {
            try self.readExtension(name, from: &fields)
        }
    }

    /// Puts an extension into its field; a repeated one, or a number that is none, is kept as text.
    private mutating func readExtension(_ name: String, from fields: inout FieldReader) throws(Expected) {
        switch name {
        case "raddr" where self.relatedAddress == nil:
            self.relatedAddress = try fields.word("the related address")
        case "rport" where self.relatedPort == nil:
            self.relatedPort = try fields.number(in: 0...UInt16.max, "the related port")
        case "tcptype" where self.tcpType == nil:
            self.tcpType = try fields.word("active, passive or so")
        case "ufrag" where self.usernameFragment == nil:
            self.usernameFragment = try fields.word("a user name fragment")
        default:
            let value = try fields.word("a value for the extension \"\(name.prefix(32))\"")
            let number = UInt32(value).flatMap { String($0) == value ? $0 : nil }
            switch (name, number) {
            case ("generation", let number?) where self.generation == nil: self.generation = number
            case ("network-id", let number?) where self.networkID == nil: self.networkID = number
            case ("network-cost", let number?) where self.networkCost == nil: self.networkCost = number
            default: self.extensions.append(Extension(name: name, value: value))
            }
        }
    }

    func write(to writer: inout SDPWriter) {
        writer.write(self.foundation)
        writer.writeWords([
            String(self.component), self.transport, String(self.priority), self.address, String(self.port), "typ",
            self.kind.rawValue,
        ])
        if let relatedAddress = self.relatedAddress { writer.writeWords(["raddr", relatedAddress]) }
        if let relatedPort = self.relatedPort { writer.writeWords(["rport", String(relatedPort)]) }
        if let tcpType = self.tcpType { writer.writeWords(["tcptype", tcpType]) }
        if let generation = self.generation { writer.writeWords(["generation", String(generation)]) }
        if let usernameFragment = self.usernameFragment { writer.writeWords(["ufrag", usernameFragment]) }
        if let networkID = self.networkID { writer.writeWords(["network-id", String(networkID)]) }
        if let networkCost = self.networkCost { writer.writeWords(["network-cost", String(networkCost)]) }
        for pair in self.extensions { writer.writeWords([pair.name, pair.value]) }
    }
}

extension CandidateAttribute: CustomStringConvertible {
    /// `candidate:…`, as the browsers' API gives it.
    package var description: String {
        var writer = SDPWriter()
        writer.write("candidate:")
        self.write(to: &writer)
        return writer.text
    }
}
