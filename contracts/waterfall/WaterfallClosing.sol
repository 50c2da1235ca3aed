// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books, Run} from "./RunBooks.sol";
import {WaterfallClaims} from "./WaterfallClaims.sol";

/// @title Closes the books of a run: unpaid claims, and the new state in packed words.
library WaterfallClosing {
    using MemoryWords for uint256;

    /// @notice Epilogue: writes class words, lane words, class results and payee words from `place`.
    function close(Books memory books, Run memory run, uint256 place) internal pure {
        unchecked {
            uint256 lanes = run.laneWords.length;
            uint256 results = place + ((books.classCount + lanes) << 5);
            _creditFees(books);
            if (books.claims == 0) _closeClasses(books, run, place, results);
            else _closeClaims(books, run.classWords, place, results);
            _packLanes(books.accounts, lanes, place + (books.classCount << 5));
            _packLanes(
                books.payees,
                (books.payeeCount + 3) >> 2,
                results + (books.classCount << 5)
            );
        }
    }

    /// @dev Packs a column four to a word.
    function _packLanes(uint256 column, uint256 words, uint256 place) private pure {
        unchecked {
            for (uint256 end = place + (words << 5); place != end; place += 32) {
                uint256 packed = MemoryWords.pack(
                    column.word(),
                    (column + 32).word(),
                    (column + 64).word(),
                    (column + 96).word()
                );
                place.put(packed);
                column += 128;
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

    /// @dev The same for claims of five parts.
    function _closeClaims(
        Books memory books,
        uint256[] memory states,
        uint256 place,
        uint256 results
    ) private pure {
        unchecked {
            uint256 terms = books.terms + (books.terms + 18).u16();
            for (uint256 i = 0; i < states.length; ++i) {
                (uint256 word, uint256 result) = WaterfallClaims.close(
                    books,
                    i,
                    states[i],
                    (terms + (i << 5)).word()
                );
                (place + (i << 5)).put(word);
                (results + (i << 5)).put(result);
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
            uint256 class = (books.terms + (books.terms + 18).u16() + offset).word();
            for (uint256 order = (class >> 80) << 232; paid != 0; order <<= 4) {
                uint256 component = order >> 252;
                if (component == 1) (onShortfall, paid) = _lower(onShortfall, paid);
                else if (component == 2) (shortfall, paid) = _lower(shortfall, paid);
                else if (component == 3) (current, paid) = _lower(current, paid);
                else if (component == 0) break;
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
