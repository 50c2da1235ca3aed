// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallSeries} from "./WaterfallSeries.sol";
import {WaterfallTriggers} from "./WaterfallTriggers.sol";

/// @title What is recorded, tested and decided before the program of a run and after it.
library WaterfallMoments {
    using MemoryWords for uint256;

    uint256 private constant POST = 0;
    uint256 private constant PRE = 1;
    uint256 private constant ANY_PHASE = 0xff;

    /// @notice On the determination date: which phase's program runs.
    function before(Books memory books, uint256 phase) internal pure {
        unchecked {
            _recordAndTest(books, PRE);
            phase = _transit(books, phase, PRE);
            (books.phase, books.nextPhase) = (phase, phase);
            uint256 entry = books.terms + (books.terms + 32).u16() + (phase << 3);
            (books.firstStep, books.stepCount) = (entry.u16(), (entry + 2).u16());
        }
    }

    /// @notice After the steps: which phase the next run begins in.
    function afterwards(Books memory books) internal pure {
        _recordAndTest(books, POST);
        books.nextPhase = _transit(books, books.nextPhase, POST);
    }

    function _recordAndTest(Books memory books, uint256 moment) private pure {
        unchecked {
            uint256 counts = (books.terms + 59).u16();
            if (counts == 0) return;
            uint256 entry = books.terms + (books.terms + 80).u16() + (books.recorded << 4);
            for (uint256 n = counts >> 8; books.recorded != n; ++books.recorded) {
                if ((entry + 3).u8() != moment) break;
                _record(books, entry.u16());
                entry += 16;
            }
            entry = books.terms + (books.terms + 82).u16();
            for (uint256 n = uint8(counts); n != 0; --n) {
                if (entry.u8() == moment) WaterfallTriggers.test(books, entry);
                entry += 32;
            }
        }
    }

    /// @dev Values are cut to i64.
    function _record(Books memory books, uint256 pointer) private pure {
        uint256 value = WaterfallExpressions.signedLane(
            books,
            WaterfallExpressions.evaluate(books, pointer)
        );
        WaterfallSeries.record(books, books.recorded, value);
    }

    /// @dev The first transition of the moment out of this phase whose condition holds.
    function _transit(
        Books memory books,
        uint256 phase,
        uint256 moment
    ) private pure returns (uint256) {
        unchecked {
            uint256 entry = books.terms + (books.terms + 34).u16();
            for (uint256 n = (books.terms + 9).u8(); n != 0; --n) {
                uint256 word = entry.word();
                entry += 8;
                if (uint8(word >> 200) != moment) continue;
                uint256 from = word >> 248;
                if (from != phase && from != ANY_PHASE) continue;
                if (WaterfallExpressions.evaluate(books, uint16(word >> 224)) != 0) {
                    return uint8(word >> 240);
                }
            }
            return phase;
        }
    }
}
