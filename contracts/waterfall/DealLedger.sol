// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";

/// @notice One deal's books in storage.
/// @param head code u160 | lastPeriod u16 | phase u8 | flags u8 | collections u64
/// @param cash unit scale u8 (cash decimals - 2) | cash token u160; copied from the deal code, which
/// never changes
/// @param classWords balance u64 | shortfall u64 | interest on shortfall u64 | write-down u64
/// @param laneWords accounts, unpaid fees, used caps, ledgers, variables, lanes of the classes, triggers
/// and series: u64 each, four a word, inverted (a word of zeros would be an empty slot, which costs a
/// run 17,100 gas more to fill again)
/// @param historyHash the terms' hash, then for every run keccak256(history hash ‖ result hash): one
/// slot that commits to all runs in their order
/// @param escrows units that wait for the holders of each class, u80 each, three a word; the top bit
/// keeps a word from ever becoming an empty slot
/// @param carries interest u128 | principal u128 (cents) by class
/// @param payeesOwed cents by payee
struct DealLedger {
    uint256 head;
    uint256 cash;
    uint256[16] classWords;
    uint256[32] laneWords;
    bytes32 historyHash;
    uint256[6] escrows;
    mapping(uint256 classIndex => uint256) carries;
    mapping(uint256 payeeIndex => uint256) payeesOwed;
}

/// @notice A deal's head slot: the one word that every run reads and writes.
type Head is uint256;

using Heads for Head global;

uint256 constant FLAG_OPEN = 1;
uint256 constant FLAG_CARRY = 2;

/// @title Reads the parts of a head.
library Heads {
    function code(Head head) internal pure returns (address) {
        return address(uint160(Head.unwrap(head) >> 96));
    }

    function lastPeriod(Head head) internal pure returns (uint256) {
        return uint16(Head.unwrap(head) >> 80);
    }

    function phase(Head head) internal pure returns (uint256) {
        return uint8(Head.unwrap(head) >> 72);
    }

    function isOpen(Head head) internal pure returns (bool) {
        return (Head.unwrap(head) >> 64) & FLAG_OPEN != 0;
    }

    function hasCarry(Head head) internal pure returns (bool) {
        return (Head.unwrap(head) >> 64) & FLAG_CARRY != 0;
    }

    function collections(Head head) internal pure returns (uint256) {
        return uint64(Head.unwrap(head));
    }
}

/// @title Packs a deal's head and loads and stores its words.
library DealLedgers {
    using MemoryWords for uint256;

    /// @notice What a head says beside the deal code.
    struct Standing {
        uint256 lastPeriod;
        uint256 phase;
        uint256 flags;
        uint256 collections;
    }

    /// @notice Packs a head. Every part fits its lane: periods are u16, phases u8, and collections
    /// are checked where they grow.
    function pack(address code, Standing memory standing) internal pure returns (Head) {
        return
            Head.wrap(
                (uint256(uint160(code)) << 96) |
                    (standing.lastPeriod << 80) |
                    (standing.phase << 72) |
                    (standing.flags << 64) |
                    standing.collections
            );
    }

    /// @notice The first `count` class words.
    function classes(
        DealLedger storage ledger,
        uint256 count
    ) internal view returns (uint256[] memory) {
        uint256 slot;
        assembly ("memory-safe") {
            slot := add(ledger.slot, 2)
        }
        return _load(slot, count, 0);
    }

    /// @notice The first `count` lane words.
    function lanes(
        DealLedger storage ledger,
        uint256 count
    ) internal view returns (uint256[] memory) {
        uint256 slot;
        assembly ("memory-safe") {
            slot := add(ledger.slot, 18)
        }
        return _load(slot, count, type(uint256).max);
    }

    /// @notice Sets every lane of the first `count` lane words to zero, as a deal starts.
    function clearLanes(DealLedger storage ledger, uint256 count) internal {
        for (uint256 i = 0; i < count; i++) ledger.laneWords[i] = type(uint256).max;
    }

    /// @notice Sets a lane that is zero, as a deal starts.
    function setLane(DealLedger storage ledger, uint256 lane, uint256 value) internal {
        ledger.laneWords[lane >> 2] &= ~(value << (192 - ((lane & 3) << 6)));
    }

    /// @notice Readies the escrows of `count` classes, as a deal starts.
    function clearEscrows(DealLedger storage ledger, uint256 count) internal {
        for (uint256 i = 0; i < count; i += 3) ledger.escrows[i / 3] = 1 << 255;
    }

    /// @notice Units that wait for the holders of a class.
    function escrowOf(
        DealLedger storage ledger,
        uint256 classIndex
    ) internal view returns (uint256) {
        return uint80(ledger.escrows[classIndex / 3] >> (80 * (classIndex % 3)));
    }

    /// @notice Adds units of a class. Returns false, and does nothing, when its lane cannot hold them.
    function raiseEscrow(
        DealLedger storage ledger,
        uint256 classIndex,
        uint256 units
    ) internal returns (bool) {
        unchecked {
            uint256[6] storage escrows = ledger.escrows;
            uint256 shift = 80 * (classIndex % 3);
            uint256 slot;
            uint256 word;
            assembly ("memory-safe") {
                slot := add(escrows.slot, div(classIndex, 3))
                word := sload(slot)
            }
            // Units are sums of u64 cents times a power of ten, so that nothing here overflows.
            if (uint80(word >> shift) + units > type(uint80).max) return false;
            assembly ("memory-safe") {
                sstore(slot, add(word, shl(shift, units)))
            }
            return true;
        }
    }

    /// @notice Takes units of a class out. Returns false, and does nothing, when there are fewer.
    function lowerEscrow(
        DealLedger storage ledger,
        uint256 classIndex,
        uint256 units
    ) internal returns (bool) {
        unchecked {
            uint256 shift = 80 * (classIndex % 3);
            uint256 word = ledger.escrows[classIndex / 3];
            if (units > uint80(word >> shift)) return false;
            ledger.escrows[classIndex / 3] = word - (units << shift);
            return true;
        }
    }

    /// @notice Takes a run into the history.
    function appendRun(DealLedger storage ledger, bytes32 resultHash) internal {
        bytes32 history = ledger.historyHash;
        assembly ("memory-safe") {
            mstore(0, history)
            mstore(32, resultHash)
            history := keccak256(0, 64)
        }
        ledger.historyHash = history;
    }

    /// @notice How many words the deal's lanes take.
    /// @param terms Memory position of the terms.
    function laneWords(uint256 terms) internal pure returns (uint256) {
        unchecked {
            return (terms + 91).u8();
        }
    }

    /// @notice Stores class words and lane words from a run's result.
    function store(
        DealLedger storage ledger,
        uint256[] memory words,
        uint256 classesAt,
        uint256 lanesAt,
        uint256 end
    ) internal {
        unchecked {
            for (uint256 i = classesAt; i < lanesAt; ++i) {
                _store(ledger, 2 + i - classesAt, words[i]);
            }
            for (uint256 i = lanesAt; i < end; ++i) _store(ledger, 18 + i - lanesAt, ~words[i]);
        }
    }

    function _store(DealLedger storage ledger, uint256 offset, uint256 word) private {
        assembly ("memory-safe") {
            sstore(add(ledger.slot, offset), word)
        }
    }

    /// @param inverted All bits set if the words are stored inverted, else zero.
    function _load(
        uint256 slot,
        uint256 count,
        uint256 inverted
    ) private view returns (uint256[] memory words) {
        words = new uint256[](count);
        assembly ("memory-safe") {
            let place := add(words, 32)
            for {
                let i := 0
            } lt(i, count) {
                i := add(i, 1)
            } {
                mstore(place, xor(sload(add(slot, i)), inverted))
                place := add(place, 32)
            }
        }
    }

    /// @notice The sum of the first `count` u64 lanes of packed words at a memory position.
    function sumLanes(uint256 position, uint256 count) internal pure returns (uint256 sum) {
        unchecked {
            for (; count > 3; count -= 4) {
                uint256 w = position.word();
                sum +=
                    (w >> 192) +
                    uint64(w >> 128) +
                    uint256(uint64(w >> 64)) +
                    uint256(uint64(w));
                position += 32;
            }
            if (count == 0) return sum;
            // Below the lanes that count, 64 bits each, lie others.
            uint256 rest = position.word() >> (256 - (count << 6));
            for (; rest != 0; rest >>= 64) sum += uint64(rest);
        }
    }
}
