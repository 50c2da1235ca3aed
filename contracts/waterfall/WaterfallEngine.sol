// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {Run} from "./RunBooks.sol";
import {WaterfallProgram} from "./WaterfallProgram.sol";

/// @title Runs a deal's priority of payments for one period, in a memory of its own.
/// @notice The engine walks over terms and books with cursors and checks nothing as it goes. It has no
/// storage and no cash, and is called by STATICCALL: whatever the terms are, nothing but the words that
/// it answers with comes out of it, and the distributor checks their cash before it stores them.
contract WaterfallEngine {
    /// @notice Runs the program of the phase that the deal is in.
    /// @param code The deal code.
    /// @param dealId Goes into the result.
    /// @param period The period, from 1.
    /// @param phase The phase that the deal is in.
    /// @param notices Bit q: notice q is in force.
    /// @param classWords One word per class: balance, shortfall, interest on shortfall, write-down.
    /// @param laneWords The deal's lanes, four u64 a word.
    /// @param figures The report's figures, then the fixings of the indices and the price of the
    /// purchase list, where the terms have them.
    /// @return words The result.
    function run(
        address code,
        uint256 dealId,
        uint256 period,
        uint256 phase,
        uint256 notices,
        uint256[] calldata classWords,
        uint256[] calldata laneWords,
        int256[] calldata figures
    ) external view returns (uint256[] memory words) {
        Run memory r;
        (r.terms, r.row) = DealTerms.copyForRun(code, period);
        (r.dealId, r.period, r.phase, r.notices) = (dealId, period, phase, notices);
        (r.classWords, r.laneWords) = (_copy(classWords), _copy(laneWords));
        uint256[] calldata unsigned;
        assembly ("memory-safe") {
            unsigned.offset := figures.offset
            unsigned.length := figures.length
        }
        uint256[] memory copied = _copy(unsigned);
        int256[] memory reported;
        assembly ("memory-safe") {
            reported := copied
        }
        r.figures = reported;
        words = WaterfallProgram.run(r);
        assembly ("memory-safe") {
            // The encoding of the array, as it lies: its offset goes into the free word before it.
            let start := sub(words, 32)
            mstore(start, 32)
            return(start, add(shl(5, mload(words)), 64))
        }
    }

    /// @dev In one piece; the compiler would take word by word.
    function _copy(uint256[] calldata words) private pure returns (uint256[] memory copied) {
        assembly ("memory-safe") {
            copied := mload(0x40)
            mstore(copied, words.length)
            let size := shl(5, words.length)
            calldatacopy(add(copied, 32), words.offset, size)
            mstore(0x40, add(add(copied, 32), size))
        }
    }
}
