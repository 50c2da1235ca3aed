// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What a report is checked against, read from the deal code.
/// @notice Deal code = STOP byte, terms, addresses; the layout of the terms is format 1. Only the header, the bounds of the
///  figures and one determination time are copied.
library ReportTerms {
    uint256 private constant HEADER_BYTES = 80;
    uint256 private constant FIGURE_BYTES = 24;
    uint256 private constant DETERMINATION_BYTES = 5;

    /// @param figureCount figures that a report must have
    /// @param periods periods of the deal
    /// @param cutOffBalance pool balance at the cut-off date, cents
    /// @param determinationTime end of the collection period, unix seconds; 0 when the deal has no such period
    /// @param bounds memory position of the figure records
    struct Facts {
        uint256 figureCount;
        uint16 periods;
        uint64 cutOffBalance;
        uint256 determinationTime;
        uint256 bounds;
    }

    /// @notice Reads the facts for one period (from 1).
    function read(address code, uint16 period) internal view returns (Facts memory facts) {
        uint256 header;
        assembly ("memory-safe") {
            header := mload(0x40)
            mstore(0x40, add(header, 96))
            extcodecopy(code, header, 1, HEADER_BYTES)
        }
        facts.figureCount = _field(header, 6, 1);
        facts.periods = uint16(_field(header, 16, 2));
        facts.cutOffBalance = uint64(_field(header, 64, 8));
        facts.bounds = _copy(code, _field(header, 26, 2), facts.figureCount * FIGURE_BYTES);
        if (period == 0 || period > facts.periods) return facts;
        uint256 row = _field(header, 40, 2) + uint256(period - 1) * _field(header, 15, 1);
        facts.determinationTime = _field(_copy(code, row, DETERMINATION_BYTES), 0, 5);
    }

    /// @notice The bounds of one figure, both inclusive; `index` < figureCount.
    function boundsOf(
        Facts memory facts,
        uint256 index
    ) internal pure returns (int256 minimum, int256 maximum) {
        uint256 position = facts.bounds + index * FIGURE_BYTES;
        assembly ("memory-safe") {
            let word := mload(position)
            minimum := sar(192, word)
            maximum := sar(192, shl(64, word))
        }
    }

    /// @notice keccak256 of the terms in the deal code, whatever stands behind them.
    function hashOf(address code) internal view returns (bytes32) {
        uint256 length = _field(_copy(code, 44, 2), 0, 2);
        uint256 position = _copy(code, 0, length);
        bytes32 result;
        assembly ("memory-safe") {
            result := keccak256(position, length)
        }
        return result;
    }

    /// @dev Copies a part of the terms to fresh memory, one word longer so that a word can be read from any byte.
    function _copy(
        address code,
        uint256 offset,
        uint256 length
    ) private view returns (uint256 position) {
        assembly ("memory-safe") {
            position := mload(0x40)
            mstore(0x40, add(position, and(add(length, 63), not(31))))
            extcodecopy(code, position, add(offset, 1), length)
        }
    }

    /// @dev Big-endian field of `size` bytes.
    function _field(
        uint256 position,
        uint256 offset,
        uint256 size
    ) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, mul(8, size)), mload(add(position, offset)))
        }
    }
}
