// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallClaims} from "./WaterfallClaims.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallTriggers} from "./WaterfallTriggers.sol";

/// @title The steps that move no cash: PIK, BOOK, TEST and SET.
library WaterfallRegisters {
    using MemoryWords for uint256;

    uint256 private constant PIK = 13;
    uint256 private constant BOOK = 14;
    uint256 private constant TEST = 15;

    /// @dev Modes.
    uint256 private constant DEBIT = 3;
    uint256 private constant NOW = 6;
    uint256 private constant VALUE = 7;

    /// @notice Carries such a step out.
    /// @return demand As it is recorded, as are the two others.
    function execute(
        Books memory books,
        uint256 step,
        uint256 op
    ) internal pure returns (uint256 demand, uint256 paid, uint256 before) {
        if (op == BOOK) return _book(books, step);
        if (op == PIK) {
            demand = _capitalise(books, step);
            return (demand, demand, 0);
        }
        unchecked {
            if (op == TEST) {
                uint256 triggers = books.terms + (books.terms + 82).u16();
                (demand, paid) = WaterfallTriggers.test(books, triggers + (_target(step) << 5));
                return (demand, paid, 0);
            }
            uint256 mode = uint8(step >> 240);
            if (mode == VALUE) return (_setVariable(books, step), 0, 0);
            (demand, before) = (_target(step), books.nextPhase);
            books.nextPhase = demand;
            if (mode == NOW) books.phase = demand;
        }
    }

    function _target(uint256 step) private pure returns (uint256) {
        return uint8(step >> 224);
    }

    /// @dev Unpaid interest of the classes in the list goes to their balances.
    function _capitalise(Books memory books, uint256 step) private pure returns (uint256 sum) {
        unchecked {
            // Terms whose classes have no lanes for it are refused when a deal is created.
            if (books.claims == 0) return 0;
            uint256 terms = books.terms + (books.terms + 18).u16();
            uint256 list = step << 40;
            for (uint256 n = uint8(step >> 216); n != 0; --n) {
                uint256 class = list >> 252;
                list <<= 4;
                sum += WaterfallClaims.capitalise(books, class, (terms + (class << 5)).word());
            }
        }
    }

    /// @dev A debit raises the ledger, a credit lowers it as far as it goes.
    function _book(
        Books memory books,
        uint256 step
    ) private pure returns (uint256 demand, uint256 booked, uint256 before) {
        unchecked {
            demand = WaterfallExpressions.amount(books, uint16(step >> 136));
            uint256 place = books.own + (_target(step) << 5);
            before = place.word();
            if (uint8(step >> 240) == DEBIT) {
                uint256 room = type(uint64).max - before;
                booked = demand < room ? demand : room;
                place.put(before + booked);
            } else {
                booked = demand < before ? demand : before;
                place.put(before - booked);
            }
        }
    }

    /// @dev The variables' lanes stand behind those of the ledgers.
    function _setVariable(Books memory books, uint256 step) private pure returns (uint256) {
        unchecked {
            int256 value = WaterfallExpressions.evaluate(books, uint16(step >> 136));
            uint256 place = books.own + (((books.terms + 57).u8() + _target(step)) << 5);
            place.put(WaterfallExpressions.signedLane(books, value));
            return value < 0 ? 0 : uint256(value);
        }
    }
}
