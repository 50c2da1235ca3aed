// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {Account, Entry, Head, Owed, TokenWords} from "./TokenWords.sol";

/// @title Entitlement by record date, at a cost that is constant in periods, holders and loans.
/// @dev One cumulative index entry per funded period, and one remembered balance per account.
///
///  An account knows its balance now, the balance that it had at record time `touchedPeriod` (t), and the last funded
///  period that it settled (s). Its balance at every record time after t is its balance now. Why that is enough: an
///  entry is written only in its own window, so when the balance first changes in window t all entries before t are
///  final, and they are settled there. Unsettled are then at most entry t, owed on the remembered balance, and later
///  ones, owed on the balance now.
library RecordDates {
    /// @dev A struct of one word, so that a pointer to it can be kept and the mapping is hashed once.
    struct AccountSlot {
        Account word;
    }

    struct Book {
        Head head;
        address dealCode;
        mapping(address account => AccountSlot) accounts;
        mapping(address account => Owed) owed;
        mapping(uint256 period => Entry) entries;
    }

    /// @notice The head as of the clock: moved to the current record window if one has begun since it was stored.
    function currentHead(Book storage book) internal view returns (Head head) {
        head = book.head;
        if (block.timestamp >= head.nextRecordTime()) head = _moved(book, head);
    }

    /// @notice As `currentHead`, stored, so that the window's later transfers don't search the calendar again.
    function rollHead(Book storage book) internal returns (Head head) {
        head = book.head;
        if (block.timestamp >= head.nextRecordTime()) {
            head = _moved(book, head);
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
        if (account.settledPeriod() != head.lastFunded())
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
            book.owed[holder] = book.owed[holder].plus(interest, principal);
            account = account.withOwed();
        }
        return account.withSettled(head.lastFunded());
    }

    /// @notice What the account is owed of settled periods, wherever it stands.
    function settledOwed(
        Book storage book,
        address holder,
        Account account
    ) internal view returns (Owed owed) {
        if (account.usesOwed()) owed = book.owed[holder];
        return owed.plus(account.interestFraction(), account.principalFraction());
    }

    /// @notice Moves what a settled account is owed into the owed slot of another. The caller marks both accounts.
    function moveOwed(Book storage book, address from, Account account, address to) internal {
        Owed owed = settledOwed(book, from, account);
        book.owed[from] = Owed.wrap(0);
        book.owed[to] = book.owed[to].plus(owed.interest(), owed.principal());
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

        Entry base = Entry.wrap(0);
        if (settled != 0) base = book.entries[settled];
        Entry entry = book.entries[last];
        uint256 touched = account.touchedPeriod();
        // Indexes never fall, and an index times a balance has 120 bits.
        unchecked {
            if (settled < touched && touched <= last) {
                Entry own = touched == last ? entry : book.entries[touched];
                // Zero: the touched period was skipped.
                if (Entry.unwrap(own) != 0) {
                    interest = heldAtRecord * (own.interestIndex() - base.interestIndex());
                    principal = heldAtRecord * (own.principalIndex() - base.principalIndex());
                    base = own;
                }
            }
            interest += held * (entry.interestIndex() - base.interestIndex());
            principal += held * (entry.principalIndex() - base.principalIndex());
        }
    }

    /// @notice Writes the entry of `period` and returns it. The caller stores the head that remembers it.
    function addEntry(
        Book storage book,
        Head head,
        uint16 period,
        uint256 interestUnits,
        uint256 principalUnits
    ) internal returns (Entry entry) {
        uint256 supply = head.supply();
        if (supply == 0) revert ITrancheToken.SupplyZero();
        Entry last = book.entries[head.lastFunded()];
        (uint256 interestIndex, uint256 interestRemainder) = raise(
            last.interestIndex(),
            last.interestRemainder(),
            interestUnits,
            supply
        );
        (uint256 principalIndex, uint256 principalRemainder) = raise(
            last.principalIndex(),
            last.principalRemainder(),
            principalUnits,
            supply
        );
        entry = Entry.wrap(
            interestIndex |
                (principalIndex << 72) |
                (interestRemainder << 144) |
                (principalRemainder << 192) |
                (head.lastFunded() << 240)
        );
        book.entries[period] = entry;
    }

    /// @notice Spreads `units` and the carried remainder over `supply`: index' * supply + remainder' =
    ///  index * supply + remainder + units << 24, so nothing is lost and nobody is owed what is not there.
    function raise(
        uint256 index,
        uint256 remainder,
        uint256 units,
        uint256 supply
    ) internal pure returns (uint256, uint256) {
        uint256 fractions = units * (1 << TokenWords.FRACTION_BITS) + remainder;
        index += fractions / supply;
        if (index > type(uint72).max) revert ITrancheToken.IndexTooLarge(index);
        // The remainder is below the supply, which has 48 bits.
        return (index, fractions % supply);
    }

    /// @dev The stored window has ended, so its next record time has passed, unless the calendar was never read.
    function _moved(Book storage book, Head head) private view returns (Head) {
        uint256 passed = head.recordPeriod();
        if (head.nextRecordTime() != 0) passed++;
        (uint16 period, uint40 next) = DealTerms.recordWindow(
            book.dealCode,
            passed,
            block.timestamp
        );
        return head.withWindow(period, next);
    }
}
