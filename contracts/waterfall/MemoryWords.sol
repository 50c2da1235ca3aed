// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Reads and writes memory by position.
/// @notice The engine walks over the deal code and its own columns with cursors: a memory position
/// costs a third of a bounds-checked array. Every position comes from `allocate` or from the copied
/// terms, and every index from terms whose shape was checked at creation; the distributor checks the
/// cash of the result once more, so that wrong terms can hurt their own deal only.
library MemoryWords {
    /// @notice Takes `words` words of memory and sets them to zero.
    function allocate(uint256 words) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := mload(0x40)
            let length := shl(5, words)
            // Copying from behind the end of the calldata fills with zeros.
            calldatacopy(position, calldatasize(), length)
            mstore(0x40, add(position, length))
        }
    }

    /// @notice Where an array lies: its length, and one word further its first entry.
    function positionOf(uint256[] memory words) internal pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := words
        }
    }

    /// @notice The word at `position`.
    function word(uint256 position) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(position)
        }
    }

    /// @notice The signed word at `position`.
    function signed(uint256 position) internal pure returns (int256 value) {
        assembly ("memory-safe") {
            value := mload(position)
        }
    }

    /// @notice Puts `value` at `position`.
    function put(uint256 position, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore(position, value)
        }
    }

    /// @notice Copies `words` words.
    function copy(uint256 from, uint256 to, uint256 words) internal pure {
        assembly ("memory-safe") {
            mcopy(to, from, shl(5, words))
        }
    }

    /// @notice Big-endian u8 at `position`.
    function u8(uint256 position) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := byte(0, mload(position))
        }
    }

    /// @notice Big-endian u16 at `position`.
    function u16(uint256 position) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(240, mload(position))
        }
    }

    /// @notice Big-endian u32 at `position`.
    function u32(uint256 position) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(224, mload(position))
        }
    }

    /// @notice Four u64 in one word, the first on top. A value that does not fit is cut to 2^64 - 1,
    /// so that it can never spill into its neighbour.
    function pack(uint256 a, uint256 b, uint256 c, uint256 d) internal pure returns (uint256) {
        unchecked {
            if ((a | b | c | d) >> 64 != 0) {
                a = cut(a);
                b = cut(b);
                c = cut(c);
                d = cut(d);
            }
            return (a << 192) | (b << 128) | (c << 64) | d;
        }
    }

    /// @notice The smaller of `value` and 2^64 - 1.
    function cut(uint256 value) internal pure returns (uint256) {
        return value > type(uint64).max ? type(uint64).max : value;
    }
}
