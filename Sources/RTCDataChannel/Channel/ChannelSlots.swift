// SPDX-License-Identifier: Apache-2.0

/// The channels of a table, found by index, without a heap object for each.
///
/// Indexes of channels that are gone are used again; all memory is given back when the last one goes. Adding,
/// finding and removing take constant time.
struct ChannelSlots: ~Copyable {
    /// How many channels there are.
    private(set) var count = 0
    /// The indexes in use are below this one.
    private(set) var endIndex = 0

    private var storage = UnsafeMutableBufferPointer<Channel>(start: nil, count: 0)
    private var free: [UInt32] = []
    private var nextSerial: UInt32 = 0

    deinit {
        self.storage.extracting(0..<self.endIndex).deinitialize()
        self.storage.deallocate()
    }

    /// The channel at `index`, which `index(of:)` gave or which lies below `endIndex`.
    subscript(_ index: Int) -> Channel {
        _read {
            precondition(index >= 0 && index < self.endIndex)
            yield self.storage[index]
        }
        _modify {
            precondition(index >= 0 && index < self.endIndex)
            yield &self.storage[index]
        }
    }

    /// Where the channel is that `id` names; `nil` when it is gone.
    func index(of id: DataChannelID) -> Int? {
        let index = Int(id.slot)
        guard index < self.endIndex, self.storage[index].id == id, !self.storage[index].state.isClosed else {
            return nil
        }
        return index
    }

    /// The channels that are not closed, in the order in which they were opened.
    var idsInOrder: [DataChannelID] {
        var ids: [DataChannelID] = []
        ids.reserveCapacity(self.count)
        for index in 0..<self.endIndex where !self.storage[index].state.isClosed { ids.append(self.storage[index].id) }
        return ids.sorted { $0.serial < $1.serial }
    }

    /// Adds a channel that `make` builds around its new name.
    mutating func insert(_ make: (DataChannelID) -> Channel) -> Int {
        self.nextSerial &+= 1
        self.count += 1
        if let slot = self.free.popLast() {
            self.storage[Int(slot)] = make(DataChannelID(slot: slot, serial: self.nextSerial))
            return Int(slot)
        }
        if self.endIndex == self.storage.count { self.grow() }
        let index = self.endIndex
        self.endIndex += 1
        let id = DataChannelID(slot: UInt32(truncatingIfNeeded: index), serial: self.nextSerial)
        self.storage.initializeElement(at: index, to: make(id))
        return index
    }

    /// Forgets the channel at `index`, which must be closed.
    mutating func remove(at index: Int) {
        precondition(self[index].state.isClosed)
        self.count -= 1
        guard self.count > 0 else { return self.reset() }
        self.storage[index].releaseMemory()
        self.free.append(UInt32(truncatingIfNeeded: index))
    }

    private mutating func grow() {
        let larger = UnsafeMutableBufferPointer<Channel>.allocate(capacity: max(4, self.storage.count * 2))
        _ = larger.moveInitialize(fromContentsOf: self.storage.extracting(0..<self.endIndex))
        self.storage.deallocate()
        self.storage = larger
    }

    private mutating func reset() {
        self.storage.extracting(0..<self.endIndex).deinitialize()
        self.storage.deallocate()
        self.storage = UnsafeMutableBufferPointer(start: nil, count: 0)
        self.endIndex = 0
        self.free = []
    }
}
