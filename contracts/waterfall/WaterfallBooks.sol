// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {MemoryWords} from "./MemoryWords.sol";
import {Books, Run} from "./RunBooks.sol";
import {WaterfallAccruals} from "./WaterfallAccruals.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallFees} from "./WaterfallFees.sol";

/// @title Opens the books of a run: cash, years of caps, interest, fees, snapshots.
library WaterfallBooks {
    using MemoryWords for uint256;

    /// @dev Flag in the header: the price of a purchase list is the last figure.
    uint256 private constant BUYS = 1;

    /// @notice Prologue up to the opening snapshots.
    function open(Books memory books, Run memory run) internal pure {
        uint256 header = run.terms.word();
        uint256 offsets = (run.terms + 32).word();
        _readCounts(books, run, header, offsets);
        unchecked {
            _placeColumns(
                books,
                run.laneWords.length << 7,
                (uint16(offsets >> 192) - uint16(offsets >> 208)) >> 5
            );
        }
        books.paymentDay.put((run.row + 15).u16());
        _readLanes(books, run);
        _receiveCash(books, (header >> 160) & 0xff);
        WaterfallFees.startCapYears(books);
        WaterfallAccruals.accrueClasses(books, run.classWords);
        MemoryWords.copy(books.dues, books.openingDues, books.classCount);
        WaterfallFees.accrueFees(books);
        MemoryWords.copy(books.accounts, books.openingAccounts, books.accountCount);
        MemoryWords.copy(books.feeDues, books.openingFeeDues, books.feeCount);
    }

    /// @dev What the header says, and where the report's figures lie.
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
            books.classCount = uint8(header >> 240);
            books.accountCount = uint8(header >> 232);
            books.feeCount = uint8(header >> 224);
            books.payeeCount = uint8(header >> 216);
            books.capCount = uint8(header >> 208);
            books.row = run.row;
            books.period = run.period;
            books.notices = run.notices;
            books.phase = run.phase;
            int256[] memory figures = run.figures;
            uint256 first;
            assembly ("memory-safe") {
                first := add(figures, 32)
            }
            books.figures = first;
            if (offsets & BUYS != 0) books.price = figures[figures.length - 1];
        }
    }

    /// @dev Gives every column its place. LET slots are numbered over the program or over the deal:
    /// there are never more of them than steps in the deal. Payments are kept by a step's number in
    /// the deal, so that an expression can name any of them: one of another program has paid nothing.
    function _placeColumns(Books memory books, uint256 lanes, uint256 steps) private pure {
        unchecked {
            uint256 classes = books.classCount << 5;
            uint256 accounts = books.accountCount << 5;
            uint256 fees = books.feeCount << 5;
            uint256 caps = books.capCount << 5;
            uint256 place;
            assembly ("memory-safe") {
                place := mload(0x40)
            }
            // Whole words of lanes, of which accounts, fee dues and used caps are the first; payees
            // are packed four at a time, too, up to three words past their end.
            books.accounts = place;
            books.feeDues = place + accounts;
            books.capsUsed = place + accounts + fees;
            books.own = place + accounts + fees + caps;
            books.capsLeft = (place += lanes);
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
            books.rates = (place += classes);
            books.lets = (place += classes);
            books.paids = (place += steps << 5);
            books.losts = (place += steps << 5);
            MemoryWords.allocate(((place - books.accounts) >> 5) + steps);
        }
    }

    /// @dev Unpacks four lanes at a time.
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

    /// @dev Every account that names a figure takes its amount out of the available funds, in order
    /// and as far as they go; the collection account takes the rest.
    function _receiveCash(Books memory books, uint256 collection) private pure {
        unchecked {
            int256 funds = (books.figures + (DealTerms.AVAILABLE_FUNDS << 5)).signed();
            uint256 left = funds > 0 ? uint256(funds) : 0;
            uint256 entry = books.terms + (books.terms + 24).u16() + 11;
            uint256 end = books.accounts + (books.accountCount << 5);
            for (uint256 account = books.accounts; account != end; account += 32) {
                uint256 figure = entry.u8();
                if (figure != 0) {
                    int256 amount = (books.figures + ((figure - 1) << 5)).signed();
                    uint256 take = amount > 0 ? uint256(amount) : 0;
                    if (amount < 0) books.flags |= WaterfallExpressions.NEGATIVE;
                    if (take > left) {
                        books.flags |= WaterfallExpressions.OVERFLOW;
                        take = left;
                    }
                    account.put(account.word() + take);
                    left -= take;
                }
                entry += 16;
            }
            collection = books.accounts + (collection << 5);
            collection.put(collection.word() + left);
        }
    }
}
