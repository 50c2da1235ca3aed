// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {ReportingRules} from "./ReportingRules.sol";

/// @title What a report is checked against, read from the deal code.
/// @notice The bounds of all figures are copied at once and compared in one pass: a copy and a decoded header per figure
///  would cost more than the signatures.
library ReportTerms {
    uint256 private constant FIGURE_BYTES = 24;
    uint256 private constant FIGURE_FLAGS = 18;
    uint256 private constant REPORTING_HEAD = 24;

    /// @param figureCount figures that a report must have
    /// @param periods periods of the deal
    /// @param cutOffBalance pool balance at the cut-off date, cents
    /// @param determinationTime end of the collection period, unix seconds; 0 when the deal has no such period
    /// @param bounds memory position of the figure records
    /// @param window seconds from acceptance until a report is final
    /// @param identityCount identities that the figures must meet
    /// @param identities place of the first one in the terms
    struct Facts {
        uint256 figureCount;
        uint256 periods;
        uint256 cutOffBalance;
        uint256 determinationTime;
        uint256 bounds;
        uint256 window;
        uint256 identityCount;
        uint256 identities;
    }

    /// @notice Reads the facts for one period (from 1).
    function read(address code, uint256 period) internal view returns (Facts memory facts) {
        (uint256 a, uint256 b, uint256 c) = DealTerms.headerWords(code);
        uint256 figures = uint8(a >> 200);
        facts.figureCount = figures;
        facts.periods = uint16(a >> 112);
        facts.cutOffBalance = c >> 192;
        facts.bounds = _copyBounds(code, uint16(a >> 32), figures);
        if (period - 1 < facts.periods) {
            uint256 row = uint16(b >> 176) + (period - 1) * uint8(a >> 128);
            facts.determinationTime = DealTerms.wordAt(code, row) >> 216;
        }
        uint256 head = ReportingRules.headOf(code, c);
        facts.window = uint32(head >> 160);
        facts.identityCount = uint8(head >> 80);
        facts.identities = uint16(c >> 16) + REPORTING_HEAD;
    }

    /// @notice How many figures a report of the deal has.
    function figuresOf(address code) internal view returns (uint256) {
        (uint256 a, , ) = DealTerms.headerWords(code);
        return uint8(a >> 200);
    }

    /// @notice Reverts with the first identity whose figures, each with its sign, do not sum to zero.
    function requireIdentities(
        Facts memory facts,
        address code,
        int256[] calldata figures
    ) internal view {
        uint256 place = facts.identities;
        for (uint256 i = 0; i < facts.identityCount; ++i) {
            uint256 count = DealTerms.wordAt(code, place) >> 248;
            uint256 signed = DealTerms.wordAt(code, ++place);
            int256 sum = 0;
            for (uint256 n = 0; n < count; ++n) {
                uint256 index = uint8(signed >> (248 - 8 * n));
                int256 figure = figures[index & 0x7f];
                sum += index & 0x80 == 0 ? figure : -figure;
            }
            if (sum != 0) revert IReportRegistry.IdentityBroken(i, sum);
            place += count;
        }
    }

    /// @notice Whether a figure is an amount of the period; `index` < figureCount.
    function isFlow(Facts memory facts, uint256 index) internal pure returns (bool) {
        uint256 position = facts.bounds + index * FIGURE_BYTES + FIGURE_FLAGS;
        uint256 flags;
        assembly ("memory-safe") {
            flags := byte(0, mload(position))
        }
        return flags & 1 != 0;
    }

    /// @notice Whether every figure is inside its bounds.
    /// @dev `figures` has figureCount entries. One pass without a branch per figure.
    function allInBounds(
        Facts memory facts,
        int256[] calldata figures
    ) internal pure returns (bool inside) {
        uint256 position = facts.bounds;
        assembly ("memory-safe") {
            let figure := figures.offset
            let end := add(figure, mul(figures.length, 32))
            let outside := 0
            for {} lt(figure, end) {
                figure := add(figure, 32)
            } {
                let value := calldataload(figure)
                let word := mload(position)
                outside := or(outside, slt(value, sar(192, word)))
                outside := or(outside, sgt(value, sar(192, shl(64, word))))
                position := add(position, FIGURE_BYTES)
            }
            inside := iszero(outside)
        }
    }

    /// @notice The figures that every deal has; `figures` has at least four entries, as every deal declares them.
    function fixedOf(
        int256[] calldata figures
    )
        internal
        pure
        returns (int256 poolOpening, int256 poolClosing, int256 loanCount, int256 availableFunds)
    {
        assembly ("memory-safe") {
            poolOpening := calldataload(figures.offset)
            poolClosing := calldataload(add(figures.offset, 32))
            loanCount := calldataload(add(figures.offset, 64))
            availableFunds := calldataload(add(figures.offset, 96))
        }
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

    /// @dev Allocates one word more than the records, because a word is read at the start of each.
    function _copyBounds(
        address code,
        uint256 offset,
        uint256 figures
    ) private view returns (uint256 position) {
        assembly ("memory-safe") {
            let length := mul(figures, FIGURE_BYTES)
            position := mload(0x40)
            mstore(0x40, add(position, and(add(length, 63), not(31))))
            extcodecopy(code, position, add(offset, 1), length)
        }
    }
}
