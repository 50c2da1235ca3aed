// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {MemoryWords} from "./MemoryWords.sol";
import {WaterfallAccruals} from "./WaterfallAccruals.sol";

/// @notice What a run starts from. Positions are memory positions.
/// @param terms The terms up to the calendar, as `DealTerms.copyForRun` lays them out.
/// @param row The period's calendar row, with the row before it in front (if there is one).
/// @param classWords One word per class: balance, shortfall, interest on shortfall, write-down.
/// @param laneWords Accounts, unpaid fees and used caps, four u64 a word.
/// @param figures The accepted report's figures.
struct Run {
    uint256 terms;
    uint256 row;
    uint256 dealId;
    uint256 period;
    uint256 phase;
    uint256[] classWords;
    uint256[] laneWords;
    int256[] figures;
}

/// @notice The running books of one run: positions of columns of words, one word per class, fee,
/// account, cap, payee or step. The columns 2 to 17 stand in the order of the opcodes that read them
/// (`WaterfallExpressions` finds a column by its opcode); do not move a field before `flags`.
/// `paids` and `losts` are indexed by a step's absolute index.
struct Books {
    uint256 terms; //            0
    uint256 constants; //        1  CONST, i128 each
    uint256 figures; //          2  FIGURE
    uint256 lets; //             3  LET
    uint256 balances; //         4  BAL
    uint256 openingBalances; //  5  BAL0
    uint256 dues; //             6  DUE
    uint256 openingDues; //      7  DUE0
    uint256 feeDues; //          8  FDUE
    uint256 openingFeeDues; //   9  FDUE0
    uint256 accounts; //        10  ACCT
    uint256 openingAccounts; // 11  ACCT0
    uint256 capsLeft; //        12  CAPLEFT
    uint256 paids; //           13  PAID
    uint256 losts; //           14  LOST
    uint256 writtens; //        15  WRITTEN
    uint256 finalDays; //       16  FINAL
    uint256 paymentDay; //      17  PAYDAY
    uint256 expressions; //     18
    uint256 capsUsed; //        19
    uint256 payees; //          20
    uint256 currents; //        21  interest accrued this period
    uint256 flags; //           22  raised since the last step record
    uint256 classCount; //      23
    uint256 feeCount; //        24
    uint256 accountCount; //    25
    uint256 capCount; //        26
    uint256 payeeCount; //      27
    uint256 firstStep; //       28  absolute index of the phase's first step
    uint256 stepCount; //       29
}

/// @title Opens the books of a run (accruals, cap years) and closes them (unpaid claims, packing).
library WaterfallBooks {
    using MemoryWords for uint256;

    /// @notice Prologue: unpacks the state, adds the available funds to the collection account, starts
    /// new cap years, accrues interest and fees, and takes the opening snapshots.
    function open(Run memory run) internal pure returns (Books memory books) {
        uint256 header = run.terms.word();
        uint256 offsets = (run.terms + 32).word();
        _readCounts(books, run, header, offsets);
        unchecked {
            _placeColumns(books, (uint16(offsets >> 192) - uint16(offsets >> 208)) / 32);
        }
        books.paymentDay.put((run.row + 15).u16());
        _readLanes(books, run);
        unchecked {
            uint256 collection = books.accounts + (((header >> 160) & 0xff) << 5);
            int256 available = (books.figures + (DealTerms.AVAILABLE_FUNDS << 5)).signed();
            if (available > 0) collection.put(collection.word() + uint256(available));
        }
        WaterfallAccruals.accrueClasses(books, run);
        WaterfallAccruals.accrueFees(books, run);
        WaterfallAccruals.startCapYears(books, run);
        MemoryWords.copy(books.accounts, books.openingAccounts, books.accountCount);
        MemoryWords.copy(books.dues, books.openingDues, books.classCount);
        MemoryWords.copy(books.feeDues, books.openingFeeDues, books.feeCount);
    }

    /// @dev What the header and the phase table say.
    function _readCounts(
        Books memory books,
        Run memory run,
        uint256 header,
        uint256 offsets
    ) private pure {
        unchecked {
            uint256 terms = run.terms;
            books.terms = terms;
            books.constants = terms + uint16(header >> 16);
            books.expressions = terms + uint16(offsets >> 192);
            uint256 phase = terms + uint16(offsets >> 240) + run.phase * 8;
            books.firstStep = phase.u16();
            books.stepCount = (phase + 2).u16();
            books.classCount = uint8(header >> 240);
            books.accountCount = uint8(header >> 232);
            books.feeCount = uint8(header >> 224);
            books.payeeCount = uint8(header >> 216);
            books.capCount = uint8(header >> 208);
        }
        int256[] memory figures = run.figures;
        uint256 first;
        assembly ("memory-safe") {
            first := add(figures, 32)
        }
        books.figures = first;
    }

    /// @dev Gives every column its place. LET slots are numbered over the phase or over the deal:
    /// there are never more of them than steps in the deal.
    function _placeColumns(Books memory books, uint256 slots) private pure {
        unchecked {
            uint256 classes = books.classCount << 5;
            uint256 accounts = books.accountCount << 5;
            uint256 fees = books.feeCount << 5;
            uint256 caps = books.capCount << 5;
            uint256 firstStep = books.firstStep << 5;
            uint256 place;
            assembly ("memory-safe") {
                place := mload(0x40)
            }
            // Lanes are read and packed four at a time, up to three words past their end: accounts,
            // fee dues and used caps follow each other with three words of room, payees have them too.
            books.accounts = place;
            books.feeDues = (place += accounts);
            books.capsUsed = (place += fees);
            books.capsLeft = (place += caps + 96);
            books.openingAccounts = (place += caps);
            books.openingFeeDues = (place += accounts);
            books.payees = (place += fees);
            books.paymentDay = (place += (books.payeeCount << 5) + 96);
            books.balances = (place += 32);
            books.openingBalances = (place += classes);
            books.dues = (place += classes);
            books.openingDues = (place += classes);
            books.writtens = (place += classes);
            books.finalDays = (place += classes);
            books.currents = (place += classes);
            books.lets = (place += classes);
            books.paids = (place += slots << 5) - firstStep;
            books.losts = (place += books.stepCount << 5) - firstStep;
            MemoryWords.allocate(((place - books.accounts) >> 5) + books.stepCount);
        }
    }

    /// @dev Unpacks four lanes at a time. The lanes fill accounts, unpaid fees and used caps in order.
    function _readLanes(Books memory books, Run memory run) private pure {
        unchecked {
            uint256[] memory words = run.laneWords;
            uint256 place = books.accounts;
            for (uint256 i = 0; i < words.length; ++i) {
                uint256 lanes = words[i];
                place.put(lanes >> 192);
                (place + 32).put(uint64(lanes >> 128));
                (place + 64).put(uint64(lanes >> 64));
                (place + 96).put(uint64(lanes));
                place += 128;
            }
        }
    }

    /// @notice Epilogue: writes class words, lane words, class results and payee words from `place`.
    function close(Books memory books, Run memory run, uint256 place) internal pure {
        unchecked {
            _creditFees(books);
            uint256 lanes = books.accountCount + books.feeCount + books.capCount;
            uint256 results = place + ((books.classCount + ((lanes + 3) >> 2)) << 5);
            _closeClasses(books, run, place, results);
            _packLanes(books.accounts, lanes, place + (books.classCount << 5));
            _packLanes(books.payees, books.payeeCount, results + (books.classCount << 5));
        }
    }

    /// @dev Packs a column four to a word. Up to three words past its end are set to zero first.
    function _packLanes(uint256 column, uint256 count, uint256 place) private pure {
        unchecked {
            uint256 end = column + (count << 5);
            end.put(0);
            (end + 32).put(0);
            (end + 64).put(0);
            for (; column < end; column += 128) {
                uint256 packed = MemoryWords.pack(
                    column.word(),
                    (column + 32).word(),
                    (column + 64).word(),
                    (column + 96).word()
                );
                place.put(packed);
                place += 32;
            }
        }
    }

    /// @dev What each fee received is the fall of its due; it belongs to the fee's payee.
    function _creditFees(Books memory books) private pure {
        unchecked {
            uint256 terms = books.terms + (books.terms + 20).u16() + 3;
            uint256 count = books.feeCount << 5;
            for (uint256 offset = 0; offset != count; offset += 32) {
                uint256 paid =
                    (books.openingFeeDues + offset).word() - (books.feeDues + offset).word();
                if (paid == 0) continue;
                uint256 payee = books.payees + ((terms + offset).u8() << 5);
                payee.put(payee.word() + paid);
            }
        }
    }

    function _closeClasses(
        Books memory books,
        Run memory run,
        uint256 place,
        uint256 results
    ) private pure {
        unchecked {
            uint256[] memory words = run.classWords;
            uint256 offset = 0;
            for (uint256 i = 0; i < words.length; ++i) {
                uint256 due = (books.openingDues + offset).word();
                uint256 unpaid = (books.dues + offset).word();
                uint256 balance = (books.balances + offset).word();
                uint256 written = (books.writtens + offset).word();
                uint256 current = (books.currents + offset).word();
                (uint256 shortfall, uint256 onShortfall) = unpaid == 0
                    ? (0, 0)
                    : _unpaidClaims(books, words[i], offset, due - unpaid);
                place.put(MemoryWords.pack(balance, shortfall, onShortfall, written));
                // A loss lowers the balance and raises the write-down by the same amount, a gain the
                // other way round: what is left of the balance's fall was paid.
                uint256 principal = (words[i] >> 192) + uint64(words[i]) - balance - written;
                results.put(MemoryWords.pack(due, due - unpaid, principal, current));
                place += 32;
                results += 32;
                offset += 32;
            }
        }
    }

    /// @dev Applies what a class was paid to its claims in the order of the deal (paying in several
    /// steps comes to the same), and rolls the rest: shortfall takes the unpaid current interest in.
    function _unpaidClaims(
        Books memory books,
        uint256 state,
        uint256 offset,
        uint256 paid
    ) private pure returns (uint256 shortfall, uint256 onShortfall) {
        unchecked {
            shortfall = uint64(state >> 128);
            uint256 current = (books.currents + offset).word();
            onShortfall = (books.openingDues + offset).word() - shortfall - current;
            uint256 order = books.terms + (books.terms + 18).u16() + offset + 19;
            for (uint256 i = 0; i < 6 && paid != 0; ++i) {
                uint256 component = (order + i).u8();
                if (component == 1) (onShortfall, paid) = _lower(onShortfall, paid);
                else if (component == 2) (shortfall, paid) = _lower(shortfall, paid);
                else if (component == 3) (current, paid) = _lower(current, paid);
                else break;
            }
            shortfall += current;
        }
    }

    function _lower(uint256 claim, uint256 paid) private pure returns (uint256, uint256) {
        unchecked {
            uint256 part = claim < paid ? claim : paid;
            return (claim - part, paid - part);
        }
    }
}
