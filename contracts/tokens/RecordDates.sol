// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {Account, Head, TokenWords} from "./TokenWords.sol";

/// @title Entitlement by record date, at a cost that is constant in periods, holders and loans.
/// @dev One cumulative index entry per funded period, and one remembered balance per account.
///
///  An account knows its balance now, the balance that it had at record time `touchedPeriod` (t), and the last funded
///  period that it settled (s). Its balance at every record time after t is its balance now. Why that is enough: an
///  entry is written only in its own window, so when the balance first changes in window t all entries before t are
///  final, and they are settled there. Unsettled are then at most entry t, owed on the remembered balance, and later
///  ones, owed on the balance now.
library RecordDates {
    /// @notice Fractions of a cash unit in which entitlements are kept: 2^24.
    uint256 internal constant FRACTION_BITS = 24;

    /// @notice What an account is owed of settled periods, in 2^-24 cash units.
    struct Owed {
        uint128 interest;
        uint128 principal;
    }

    struct Book {
        Head head;
        address dealCode;
        mapping(address account => Account) accounts;
        mapping(address account => Owed) owed;
        mapping(uint256 period => ITrancheToken.IndexEntry) entries;
    }

    /// @notice The head as of the clock: rolled to the current record window if one has begun since it was stored.
    function currentHead(Book storage book) internal view returns (Head head) {
        head = book.head;
        if (block.timestamp >= head.nextRecordTime()) {
            (uint16 period, uint40 next) = DealTerms.recordWindow(
                book.dealCode,
                head.recordPeriod(),
                block.timestamp
            );
            head = head.withWindow(period, next);
        }
    }

    /// @notice As `currentHead`, stored, so that the window's later transfers don't search the calendar again.
    function rollHead(Book storage book) internal returns (Head head) {
        head = book.head;
        if (block.timestamp >= head.nextRecordTime()) {
            head = currentHead(book);
            book.head = head;
        }
    }

    /// @notice Readies an account for a change of balance: at the first one in a record window, remembers the balance
    ///  that it held at the record time. The caller stores the result.
    function touch(
        Book storage book,
        address holder,
        Account account,
        Head head
    ) internal returns (Account) {
        uint256 period = head.recordPeriod();
        if (account.touchedPeriod() == period) return account;
        account = settle(book, holder, account, head);
        return account.withRecord(account.balance(), period);
    }

    /// @notice Adds all funded periods to what the account is owed. The caller stores the result.
    function settle(
        Book storage book,
        address holder,
        Account account,
        Head head
    ) internal returns (Account) {
        (uint256 interest, uint256 principal) = accrued(book, account, head);
        if (interest | principal != 0) {
            Owed storage owed = book.owed[holder];
            // A sum of entitlements is below 2^48 * 2^72, so the additions fit 128 bits.
            owed.interest += uint128(interest);
            owed.principal += uint128(principal);
        }
        return account.withSettled(head.lastFunded());
    }

    /// @notice What funded periods that are not settled yet give the account, in 2^-24 cash units.
    function accrued(
        Book storage book,
        Account account,
        Head head
    ) internal view returns (uint256 interest, uint256 principal) {
        uint256 last = head.lastFunded();
        uint256 settled = account.settledPeriod();
        uint256 held = account.balance();
        uint256 heldAtRecord = account.recordBalance();
        if (settled == last || held | heldAtRecord == 0) return (0, 0);

        ITrancheToken.IndexEntry memory base;
        if (settled != 0) base = book.entries[settled];
        uint256 touched = account.touchedPeriod();
        ITrancheToken.IndexEntry memory entry = book.entries[last];
        if (settled < touched && touched <= last) {
            ITrancheToken.IndexEntry memory own = touched == last ? entry : book.entries[touched];
            if (isFunded(own)) {
                interest = heldAtRecord * (own.interestIndex - base.interestIndex);
                principal = heldAtRecord * (own.principalIndex - base.principalIndex);
                base = own;
            }
        }
        interest += held * (entry.interestIndex - base.interestIndex);
        principal += held * (entry.principalIndex - base.principalIndex);
    }

    /// @notice Writes the entry of `period` and returns it with the head that remembers it. The caller stores the head.
    function addEntry(
        Book storage book,
        Head head,
        uint16 period,
        uint256 interestUnits,
        uint256 principalUnits
    ) internal returns (Head, ITrancheToken.IndexEntry memory entry) {
        uint256 supply = head.supply();
        if (supply == 0) revert ITrancheToken.SupplyZero();
        entry = book.entries[head.lastFunded()];
        entry.previousFunded = uint16(head.lastFunded());
        (entry.interestIndex, entry.interestRemainder) = raise(
            entry.interestIndex,
            entry.interestRemainder,
            interestUnits,
            supply
        );
        (entry.principalIndex, entry.principalRemainder) = raise(
            entry.principalIndex,
            entry.principalRemainder,
            principalUnits,
            supply
        );
        book.entries[period] = entry;
        return (head.withLastFunded(period), entry);
    }

    /// @notice Spreads `units` and the carried remainder over `supply`: index' * supply + remainder' =
    ///  index * supply + remainder + units << 24, so nothing is lost and nobody is owed what is not there.
    function raise(
        uint256 index,
        uint256 remainder,
        uint256 units,
        uint256 supply
    ) internal pure returns (uint72, uint48) {
        uint256 fractions = units * (1 << FRACTION_BITS) + remainder;
        index += fractions / supply;
        if (index > type(uint72).max) revert ITrancheToken.IndexTooLarge(index);
        // The remainder is below the supply, which has 48 bits.
        return (uint72(index), uint48(fractions % supply));
    }

    /// @notice Whether an entry was ever written. A funded period moves an index or leaves a remainder.
    function isFunded(ITrancheToken.IndexEntry memory entry) internal pure returns (bool) {
        return
            entry.interestIndex |
                entry.principalIndex |
                entry.interestRemainder |
                entry.principalRemainder !=
            0;
    }
}
