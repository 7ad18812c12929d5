// SPDX-License-Identifier: Apache-2.0

extension SessionDescription: CustomStringConvertible {
    /// The text, in the order of RFC 8866 §5, each line ended with CRLF.
    package var description: String {
        var writer = SDPWriter(capacity: 1024 + self.media.count * 1024)
        writer.write("v=0")
        writer.endLine()
        writer.write("o=", self.origin)
        writer.endLine()
        writer.write("s=" + self.name)
        writer.endLine()
        writer.write(self.information)
        writer.write(self.connections, self.bandwidths)
        writer.write(self.times)
        writer.write(self.keys)
        writer.write(self.attributes)
        for section in self.media { writer.write(section) }
        return writer.text
    }
}

extension SDPWriter {
    fileprivate mutating func write(_ section: MediaSection) {
        self.write("m=", section.line)
        self.endLine()
        self.write(section.information)
        self.write(section.connections, section.bandwidths)
        self.write(section.keys)
        self.write(section.attributes)
    }

    fileprivate mutating func write(_ lines: [OtherLine]) {
        for line in lines {
            self.write("\(line.type)=\(line.value)")
            self.endLine()
        }
    }

    fileprivate mutating func write(_ connections: [ConnectionData], _ bandwidths: [Bandwidth]) {
        for connection in connections {
            self.write("c=", connection)
            self.endLine()
        }
        for bandwidth in bandwidths {
            self.write("b=", bandwidth)
            self.endLine()
        }
    }

    fileprivate mutating func write(_ attributes: [Attribute]) {
        for attribute in attributes {
            self.write("a=", attribute)
            self.endLine()
        }
    }
}
