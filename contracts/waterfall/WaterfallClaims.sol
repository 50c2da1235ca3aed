// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallRates} from "./WaterfallRates.sol";

/// @title Claims of five parts: of classes that defer or capitalise interest, or carry it over.
/// @notice A class's record lies at `books.claims`, 256 bytes a class: interest on shortfall,
/// shortfall, current, deferred and carried interest, as of the last time that they were settled; what
/// was due then; what was capitalised; the whole claim at the start. Payments lower what is due and
/// are put to the parts, in the order of the class, only when somebody asks for the parts.
library WaterfallClaims {
    using MemoryWords for uint256;

    /// @notice The flags, in a class's word, of lanes of its own: deferred, carried over, pik.
    uint256 internal constant OWN_LANES = 0x70 << 104;

    uint256 private constant ON_SHORTFALL = 0;
    uint256 private constant SHORTFALL = 32;
    uint256 private constant CURRENT = 64;
    uint256 private constant DEFERRED = 96;
    uint256 private constant CARRY_OVER = 128;
    uint256 private constant SETTLED = 160;
    uint256 private constant CAPITALISED = 192;
    uint256 private constant WHOLE = 224;

    uint256 private constant INTEREST_ON_SHORTFALL = 1;
    uint256 private constant DEFERRABLE = 2;
    uint256 private constant INTEREST_ON_DEFERRED = 4;
    uint256 private constant INTEREST_ON_CARRY_OVER = 8;
    uint256 private constant DEFERRED_LANE = 16;
    uint256 private constant CARRY_OVER_LANE = 32;
    uint256 private constant PIK_LANE = 64;

    /// @dev What accrues is product of an amount, a rate and days, over the divisor.
    struct Terms {
        uint256 days_;
        uint256 divisor;
        uint256 rounding;
        uint256 flags;
        uint256 state;
    }

    /// @notice Makes room for the records and for the columns of the parts that stand in no order.
    function allocate(Books memory books) internal pure {
        unchecked {
            books.claims = MemoryWords.allocate(books.classCount * 10);
            books.deferreds = books.claims + (books.classCount << 8);
            books.carryOvers = books.deferreds + (books.classCount << 5);
        }
    }

    /// @notice Accrues class `i`. Above the available-funds cap interest is carried over, not due.
    function accrue(Books memory books, uint256 i, uint256 state, uint256 class) internal pure {
        unchecked {
            Terms memory t;
            t.days_ = WaterfallRates.numerator(books, uint8(class >> 120));
            t.divisor = WaterfallRates.divisor(books, uint8(class >> 120));
            t.rounding = uint8(class >> 112);
            t.flags = uint8(class >> 104);
            t.state = state;
            uint256 rate = WaterfallRates.couponOf(books, class);
            uint256 effective = rate;
            uint256 cap = uint16(class);
            if (cap != WaterfallExpressions.ABSENT) {
                effective = WaterfallExpressions.amount(books, cap);
                if (effective > rate) effective = rate;
            }
            (books.rates + (i << 5)).put(effective);
            uint256 place = books.claims + (i << 8);
            _accrueUnderCap(books, t, class, place, effective);
            (books.currents + (i << 5)).put((place + CURRENT).word());
            _accrueOverCap(books, t, class, place, rate);
            _total(books, i, class, place);
        }
    }

    function _accrueUnderCap(
        Books memory books,
        Terms memory t,
        uint256 class,
        uint256 place,
        uint256 rate
    ) private pure {
        unchecked {
            uint256 shortfall = uint64(t.state >> 128);
            uint256 deferred = 0;
            if (t.flags & DEFERRED_LANE != 0) deferred = laneOf(books, class, DEFERRED_LANE).word();
            uint256 onShortfall = uint64(t.state >> 64);
            if (t.flags & INTEREST_ON_SHORTFALL != 0) onShortfall += _interest(t, shortfall, rate);
            if (t.flags & INTEREST_ON_DEFERRED != 0) onShortfall += _interest(t, deferred, rate);
            (place + ON_SHORTFALL).put(onShortfall);
            (place + SHORTFALL).put(shortfall);
            (place + CURRENT).put(_interest(t, t.state >> 192, rate));
            (place + DEFERRED).put(deferred);
        }
    }

    function _accrueOverCap(
        Books memory books,
        Terms memory t,
        uint256 class,
        uint256 place,
        uint256 rate
    ) private pure {
        unchecked {
            uint256 carried = 0;
            if (t.flags & CARRY_OVER_LANE != 0) {
                carried = laneOf(books, class, CARRY_OVER_LANE).word();
            }
            if (t.flags & INTEREST_ON_CARRY_OVER != 0) carried += _interest(t, carried, rate);
            if (uint16(class) != WaterfallExpressions.ABSENT) {
                // The rate is never below the capped one.
                carried += _interest(t, t.state >> 192, rate) - (place + CURRENT).word();
            }
            (place + CARRY_OVER).put(carried);
        }
    }

    function _interest(
        Terms memory t,
        uint256 amount,
        uint256 rate
    ) private pure returns (uint256) {
        unchecked {
            return WaterfallRates.round(amount * t.days_ * rate, t.divisor, t.rounding);
        }
    }

    /// @dev What is due to an ordinary payment. The parts that are not in the class's order move to
    /// columns of their own.
    function _total(Books memory books, uint256 i, uint256 class, uint256 place) private pure {
        unchecked {
            uint256 whole =
                (place + ON_SHORTFALL).word() +
                    (place + SHORTFALL).word() +
                    (place + CURRENT).word() +
                    (place + DEFERRED).word() +
                    (place + CARRY_OVER).word();
            (place + WHOLE).put(whole);
            (bool defers, bool carries) = _inOrder(class);
            if (!defers) whole -= _move(place + DEFERRED, books.deferreds + (i << 5));
            if (!carries) whole -= _move(place + CARRY_OVER, books.carryOvers + (i << 5));
            (place + SETTLED).put(whole);
            (books.dues + (i << 5)).put(whole);
        }
    }

    function _move(uint256 from, uint256 to) private pure returns (uint256 amount) {
        amount = from.word();
        to.put(amount);
        from.put(0);
    }

    /// @dev Whether an ordinary payment meets deferred and carried interest.
    function _inOrder(uint256 class) private pure returns (bool defers, bool carries) {
        unchecked {
            for (uint256 order = uint24(class >> 80); order != 0; order >>= 4) {
                if (order & 0xf == 4) defers = true;
                if (order & 0xf == 5) carries = true;
            }
        }
    }

    /// @notice The lane of a class that its flag stands for; they follow each other in this order.
    function laneOf(
        Books memory books,
        uint256 class,
        uint256 flag
    ) internal pure returns (uint256) {
        unchecked {
            uint256 lane = uint8(class >> 72);
            if (flag > DEFERRED_LANE && (class >> 104) & DEFERRED_LANE != 0) ++lane;
            if (flag > CARRY_OVER_LANE && (class >> 104) & CARRY_OVER_LANE != 0) ++lane;
            return books.accounts + (lane << 5);
        }
    }

    /// @notice Puts what a class was paid since the last time to the parts of its claim.
    function settle(Books memory books, uint256 i, uint256 class) internal pure {
        unchecked {
            uint256 place = books.claims + (i << 8);
            uint256 due = (books.dues + (i << 5)).word();
            uint256 paid = (place + SETTLED).word() - due;
            (place + SETTLED).put(due);
            for (uint256 order = (class >> 80) << 232; paid != 0 && order != 0; order <<= 4) {
                uint256 part = place + (((order >> 252) - 1) << 5);
                uint256 claim = part.word();
                uint256 met = claim < paid ? claim : paid;
                part.put(claim - met);
                paid -= met;
            }
        }
    }

    /// @notice Adds the unpaid interest of class `i`, but not what is carried over, to its balance.
    /// @return amount What was added.
    function capitalise(
        Books memory books,
        uint256 i,
        uint256 class
    ) internal pure returns (uint256 amount) {
        unchecked {
            settle(books, i, class);
            uint256 place = books.claims + (i << 8);
            uint256 column = books.deferreds + (i << 5);
            amount =
                (place + ON_SHORTFALL).word() +
                (place + SHORTFALL).word() +
                (place + CURRENT).word() +
                (place + DEFERRED).word() +
                column.word();
            (place + ON_SHORTFALL).put(0);
            (place + SHORTFALL).put(0);
            (place + CURRENT).put(0);
            (place + DEFERRED).put(0);
            column.put(0);
            uint256 due = (place + CARRY_OVER).word();
            (place + SETTLED).put(due);
            (books.dues + (i << 5)).put(due);
            (place + CAPITALISED).put((place + CAPITALISED).word() + amount);
            column = books.balances + (i << 5);
            column.put(column.word() + amount);
            if ((class >> 104) & PIK_LANE == 0) return amount;
            column = laneOf(books, class, PIK_LANE);
            column.put(column.word() + amount);
        }
    }

    /// @notice Epilogue of class `i`: unpaid interest becomes shortfall or is deferred, and principal
    /// repays capitalised interest first.
    /// @return word The class's word after the run.
    /// @return result The class's result word.
    function close(
        Books memory books,
        uint256 i,
        uint256 state,
        uint256 class
    ) internal pure returns (uint256 word, uint256 result) {
        unchecked {
            settle(books, i, class);
            uint256 place = books.claims + (i << 8);
            uint256 balance = (books.balances + (i << 5)).word();
            uint256 written = (books.writtens + (i << 5)).word();
            uint256 principal =
                (state >> 192) + uint64(state) + (place + CAPITALISED).word() - balance - written;
            result = _result(books, i, place, principal);
            bool defers = _defers(class);
            uint256 shortfall = (place + SHORTFALL).word();
            if (!defers) shortfall += (place + CURRENT).word();
            word = MemoryWords.pack(balance, shortfall, (place + ON_SHORTFALL).word(), written);
            _rollLanes(books, i, class, principal);
        }
    }

    /// @dev Without a lane to keep it in, nothing is deferred.
    function _defers(uint256 class) private pure returns (bool) {
        return (class >> 104) & (DEFERRABLE | DEFERRED_LANE) == DEFERRABLE | DEFERRED_LANE;
    }

    /// @dev The lanes of class `i` after the run; what was capitalised is in the last one already.
    function _rollLanes(
        Books memory books,
        uint256 i,
        uint256 class,
        uint256 principal
    ) private pure {
        unchecked {
            uint256 flags = uint8(class >> 104);
            uint256 place = books.claims + (i << 8);
            if (flags & DEFERRED_LANE != 0) {
                uint256 left = (place + DEFERRED).word() + (books.deferreds + (i << 5)).word();
                if (_defers(class)) left += (place + CURRENT).word();
                laneOf(books, class, DEFERRED_LANE).put(left);
            }
            if (flags & CARRY_OVER_LANE != 0) {
                uint256 left = (place + CARRY_OVER).word() + (books.carryOvers + (i << 5)).word();
                laneOf(books, class, CARRY_OVER_LANE).put(left);
            }
            if (flags & PIK_LANE != 0) {
                uint256 lane = laneOf(books, class, PIK_LANE);
                uint256 pik = lane.word();
                lane.put(pik > principal ? pik - principal : 0);
            }
        }
    }

    function _result(
        Books memory books,
        uint256 i,
        uint256 place,
        uint256 principal
    ) private pure returns (uint256) {
        unchecked {
            uint256 whole = (place + WHOLE).word();
            uint256 left =
                (books.dues + (i << 5)).word() +
                    (books.deferreds + (i << 5)).word() +
                    (books.carryOvers + (i << 5)).word() +
                    (place + CAPITALISED).word();
            return
                MemoryWords.pack(
                    whole,
                    whole - left,
                    principal,
                    (books.currents + (i << 5)).word()
                );
        }
    }
}
