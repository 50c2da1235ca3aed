// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books, Run} from "./RunBooks.sol";
import {WaterfallBooks} from "./WaterfallBooks.sol";
import {WaterfallClosing} from "./WaterfallClosing.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallMoments} from "./WaterfallMoments.sol";
import {WaterfallSteps} from "./WaterfallSteps.sol";

/// @title Runs a deal's priority of payments for one period.
/// @notice Pure over memory: terms, state, figures and notices in, result words out. The result is the
/// same to the bit as that of the TypeScript engine and of the auditor's replay. A run has no path that
/// stops it, and its cost is bounded by the length of the terms: steps and expressions only go forward.
/// @dev Words of the result: header; one record per step; class words; lane words; class results;
/// payee words; the inputs beside the report. Class and lane words are the new state as it is stored.
library WaterfallProgram {
    using MemoryWords for uint256;

    /// @dev Fields of the books.
    uint256 private constant BOOKS_WORDS = 42;

    /// @notice Runs the period.
    /// @return words The result; `words[0]` tells the phase of the next run. The word in front of the
    /// array is free, so that the array can be returned as it lies.
    function run(Run memory r) internal pure returns (uint256[] memory words) {
        // A declaration of the struct would set it to zero field by field; a position that is taken for
        // one does not.
        function(uint256) internal pure returns (uint256) same = _same;
        function(uint256) internal pure returns (Books memory) booksAt;
        assembly ("memory-safe") {
            booksAt := same
        }
        Books memory books = booksAt(MemoryWords.allocate(BOOKS_WORDS));
        WaterfallBooks.open(books, r);
        WaterfallMoments.before(books, r.phase);
        uint256 phaseRun = books.phase;
        uint256 raised = books.flags;
        books.flags = 0;
        uint256 place = _allocate(books, r);
        assembly ("memory-safe") {
            words := place
        }
        unchecked {
            place += 32;
            raised |= _runSteps(books, place + 32);
            WaterfallMoments.afterwards(books);
            WaterfallClosing.close(books, r, place + ((1 + books.stepCount) << 5));
            raised |= books.flags;
            place.put(_header(books, r) | (raised << 168) | (phaseRun << 160));
        }
    }

    function _same(uint256 place) private pure returns (uint256) {
        return place;
    }

    function _header(Books memory books, Run memory r) private pure returns (uint256) {
        unchecked {
            return
                (2 << 248) |
                (r.phase << 240) |
                (books.nextPhase << 232) |
                (r.period << 216) |
                (books.stepCount << 208) |
                (books.classCount << 200) |
                (r.laneWords.length << 192) |
                (books.payeeCount << 184) |
                (r.notices << 144) |
                r.dealId;
        }
    }

    /// @dev The array of words, with what needs no run in it: the inputs beside the report at its end.
    function _allocate(Books memory books, Run memory r) private pure returns (uint256 place) {
        unchecked {
            uint256 figures = (books.terms + 6).u8();
            uint256 extras = r.figures.length - figures;
            uint256 length =
                1 +
                    books.stepCount +
                    (books.classCount << 1) +
                    r.laneWords.length +
                    ((books.payeeCount + 3) >> 2) +
                    extras;
            place = MemoryWords.allocate(length + 2) + 32;
            place.put(length);
            MemoryWords.copy(
                books.figures + (figures << 5),
                place + ((1 + length - extras) << 5),
                extras
            );
        }
    }

    /// @dev Runs the steps of the program and writes a record for each of them from `place`.
    /// @return raised All flags of the records but SKIPPED.
    function _runSteps(Books memory books, uint256 place) private pure returns (uint256 raised) {
        unchecked {
            uint256 step = books.terms + (books.terms + 36).u16() + (books.firstStep << 5);
            uint256 end = step + (books.stepCount << 5);
            // Index of the record, at its place on top of the word.
            uint256 index = 0;
            while (step != end) {
                uint256 word;
                assembly ("memory-safe") {
                    word := mload(step)
                }
                uint256 op = word >> 248;
                uint256 record;
                uint256 target = 0;
                if (op == WaterfallSteps.LET) {
                    record = uint256(WaterfallExpressions.evaluate(books, uint16(word >> 136)));
                    record =
                        record >> 64 == 0
                            ? WaterfallSteps.nameAmount(books, word, record)
                            : WaterfallSteps.nameOutlier(books, word, int256(record));
                } else if (op < WaterfallSteps.IF || op > WaterfallSteps.ELSE) {
                    record = WaterfallSteps.execute(books, word, op, index >> 248);
                } else {
                    if (op == WaterfallSteps.IF) record = WaterfallSteps.condition(books, word);
                    // An IF whose condition is zero, and an ELSE that is reached (only from the branch
                    // above it), jump, whatever flags were raised.
                    if (record == 0) target = uint16(word >> 56) - books.firstStep;
                }
                uint256 flags = books.flags;
                if (flags != 0) {
                    record |= flags << 224;
                    raised |= flags;
                    books.flags = 0;
                }
                record |= index | (op << 240);
                assembly ("memory-safe") {
                    mstore(place, record)
                }
                index += 1 << 248;
                step += 32;
                place += 32;
                if (target == 0) continue;
                // What is jumped over is recorded as skipped.
                for (; index >> 248 < target && step != end; index += 1 << 248) {
                    place.put(index | (step.u8() << 240) | (WaterfallExpressions.SKIPPED << 224));
                    step += 32;
                    place += 32;
                }
            }
        }
    }
}
