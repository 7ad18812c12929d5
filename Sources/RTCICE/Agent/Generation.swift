// SPDX-License-Identifier: Apache-2.0

internal import RTCSTUN
internal import RTCWire

/// The peer's side of a generation, once signaling has told it.
struct RemoteSide {
    let credentials: ICECredentials
    /// The password, which signs our checks and the peer's responses.
    let key: [UInt8]
    let fragment: [UInt8]
    /// USERNAME of our checks: the peer's fragment, a colon, ours (RFC 8445 §7.2.2).
    let checkUsername: [UInt8]

    init(_ credentials: ICECredentials, local: ICECredentials) {
        self.credentials = credentials
        self.key = Array(credentials.password.utf8)
        self.fragment = Array(credentials.usernameFragment.utf8)
        self.checkUsername = Array("\(credentials.usernameFragment):\(local.usernameFragment)".utf8)
    }
}

/// A check that came before the peer's credentials (RFC 8445 §7.3); it has been answered already.
struct EarlyCheck {
    let base: TransportAddress
    let remote: TransportAddress
    let priority: UInt32
    let nominates: Bool
    /// The fragment that the peer gave as its own.
    let fragment: [UInt8]
}

/// The 5-tuple that data may use, with its consent.
struct ActivePath {
    let pair: PairID
    let base: TransportAddress
    let remote: TransportAddress
    var consent: Consent

    func matches(local: TransportAddress, remote: TransportAddress) -> Bool {
        self.remote == remote && self.base == local
    }
}

/// The time in which the active path must show life, because another one works.
struct Challenge {
    let since: Instant
    let end: Instant
    /// How often it is asked.
    let interval: Duration
}

/// How the active path was chosen.
enum Selection: Equatable {
    /// It is the best that works so far.
    case provisional
    /// It was nominated.
    case nominated
    /// This side left a dead nominated path; the peer's next nomination overrides that.
    case switched

    var isConcluded: Bool { self != .provisional }
}

/// Everything between two restarts (RFC 8445 §9).
struct Generation {
    let localCredentials: ICECredentials
    /// Our password, which signs the peer's checks and our responses.
    let localKey: [UInt8]
    let localFragment: [UInt8]
    var remote: RemoteSide?
    var locals = LocalCandidates()
    var remotes = RemoteCandidates()
    var checks = CheckList()
    var earlyChecks: [EarlyCheck] = []
    var hasGathered = false
    var hasAllRemoteCandidates = false
    var active: ActivePath?
    var selection = Selection.provisional
    var nominator = Nominator.idle
    /// When a candidate last gave reason for hope.
    var lastProgressAt = Instant.start
    var challenge: Challenge?

    init(localCredentials: ICECredentials) {
        self.localCredentials = localCredentials
        self.localKey = Array(localCredentials.password.utf8)
        self.localFragment = Array(localCredentials.usernameFragment.utf8)
    }

    /// What this generation leaves behind when a new one begins.
    func retired() -> RetiredPath? {
        guard let active, let remote, let pair = self.checks[active.pair], let description = self.description(of: pair)
        else { return nil }
        return RetiredPath(
            localKey: self.localKey, localFragment: self.localFragment, remote: remote, pair: pair,
            description: description, path: active)
    }

    func description(of pair: CandidatePair) -> ICEPair? {
        guard self.locals.items.indices.contains(pair.local), self.remotes.items.indices.contains(pair.remote) else {
            return nil
        }
        var remote = self.remotes.items[pair.remote].candidate
        if remote.foundation.isEmpty { remote.foundation = "prflx\(pair.remote)" }
        return ICEPair(
            local: self.locals.items[pair.local].candidate, remote: remote, base: pair.base,
            remoteAddress: pair.remoteAddress)
    }

    /// The priority of a pair of candidates under `role`.
    func priority(local: Int, remote: Int, role: ICERole) -> UInt64 {
        let ours = self.locals.items[local].candidate.priority
        let theirs = self.remotes.items[remote].candidate.priority
        return role == .controlling
            ? CandidatePair.priority(controlling: ours, controlled: theirs)
            : CandidatePair.priority(controlling: theirs, controlled: ours)
    }
}

/// The selected path of the generation before, which carries data and keeps its consent until the new one has a
/// selected pair (RFC 7675 §5.1, RFC 8445 §9).
struct RetiredPath {
    let localKey: [UInt8]
    let localFragment: [UInt8]
    let remote: RemoteSide
    var pair: CandidatePair
    let description: ICEPair
    var path: ActivePath
}
