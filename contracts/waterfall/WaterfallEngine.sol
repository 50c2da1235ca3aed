// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books, Run, WaterfallBooks} from "./WaterfallBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallSteps} from "./WaterfallSteps.sol";

/// @title Runs a deal's priority of payments for one period.
/// @notice Pure over memory: terms, state and figures in, result words out. The result is the same to
/// the bit as that of the TypeScript engine and of the auditor's replay. A run has no path that stops
/// it, and its cost is bounded by the length of the program: steps and expressions only go forward.
/// @dev Words of the result: header; one record per step; class words; lane words; class results;
/// payee words. Class and lane words are the new state as it is stored.
library WaterfallEngine {
    using MemoryWords for uint256;

    /// @notice Words that `run` leaves free in front of the array, for whoever emits it as an event.
    uint256 internal constant WORDS_IN_FRONT = 3;

    /// @notice Where the parts of the result stand, as indexes into the words.
    struct Layout {
        uint256 classes;
        uint256 lanes;
        uint256 results;
        uint256 payees;
        uint256 length;
    }

    /// @notice Runs the program of the phase that the deal is in.
    /// @return words The result; `words[0]` tells the phase of the next run.
    function run(Run memory r) internal pure returns (uint256[] memory words, Layout memory parts) {
        Books memory books = WaterfallBooks.open(r);
        unchecked {
            parts.classes = 1 + books.stepCount;
            parts.lanes = parts.classes + books.classCount;
            uint256 lanes = books.accountCount + books.feeCount + books.capCount;
            parts.results = parts.lanes + ((lanes + 3) >> 2);
            parts.payees = parts.results + books.classCount;
            parts.length = parts.payees + ((books.payeeCount + 3) >> 2);
            uint256 place =
                MemoryWords.allocate(WORDS_IN_FRONT + 1 + parts.length) + (WORDS_IN_FRONT << 5);
            place.put(parts.length);
            assembly ("memory-safe") {
                words := place
            }
            place += 32;
            uint256 flags = _runSteps(books, place + 32);
            uint256 phase = _nextPhase(books, r.phase);
            place.put(_header(books, r, phase, flags));
            WaterfallBooks.close(books, r, place + (parts.classes << 5));
        }
    }

    function _header(
        Books memory books,
        Run memory r,
        uint256 phaseAfter,
        uint256 flags
    ) private pure returns (uint256) {
        unchecked {
            uint256 lanes = books.accountCount + books.feeCount + books.capCount;
            return
                (1 << 248) |
                (r.phase << 240) |
                (phaseAfter << 232) |
                (r.period << 216) |
                (books.stepCount << 208) |
                (books.classCount << 200) |
                (((lanes + 3) >> 2) << 192) |
                (books.payeeCount << 184) |
                (flags << 168) |
                r.dealId;
        }
    }

    /// @dev Runs the steps of the phase and writes a record for each of them from `place`.
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
                // What is jumped over is recorded as skipped.
                for (; index >> 248 < target && step != end; index += 1 << 248) {
                    place.put(index | (step.u8() << 240) | (WaterfallExpressions.SKIPPED << 224));
                    step += 32;
                    place += 32;
                }
            }
        }
    }

    /// @dev The first transition out of this phase whose condition holds after the steps.
    function _nextPhase(Books memory books, uint256 phase) private pure returns (uint256) {
        unchecked {
            uint256 entry = books.terms + (books.terms + 34).u16();
            for (uint256 n = (books.terms + 9).u8(); n != 0; --n) {
                if (entry.u8() == phase) {
                    int256 holds = WaterfallExpressions.evaluate(books, (entry + 2).u16());
                    if (holds != 0) return (entry + 1).u8();
                }
                entry += 8;
            }
            return phase;
        }
    }
}
