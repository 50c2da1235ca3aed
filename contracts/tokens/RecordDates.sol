// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {Account, Entry, Head, Owed, TokenWords} from "./TokenWords.sol";

/// @title Entitlement by record date, at a cost that is constant in periods, holders and loans.
/// @dev One entry per funded period, of what the class was funded with up to it, and one remembered balance per account.
///
///  An account knows its balance now, the balance that it had at record time `touchedPeriod` (t), and the last funded
///  period that it settled (s). Its balance at every record time after t is its balance now. Why that is enough: an
///  entry is added only in its own window, so when the balance first changes in window t all entries before t are
///  final, and they are settled there. Unsettled are then at most entry t, owed on the remembered balance, and later
///  ones, owed on the balance now.
///
///  Entries never change. The newest stands in the head; the next funding puts it, as it is, with the older ones, of which
///  two share a slot. Of any two classes that follow each other one pairs periods 1 and 2, the other 0 and 1, so that a
///  deal's classes don't all need a new slot in the same distribution; and the slot of 0 and 1 is in use from the start.
library RecordDates {
    /// @dev A struct of one word, so that a pointer to it can be kept and the mapping is hashed once.
    struct AccountSlot {
        Account word;
    }

    struct Book {
        Head head;
        address dealCode;
        uint64 dealId;
        uint8 classIndex;
        mapping(address account => AccountSlot) accounts;
        mapping(address account => Owed) owed;
        mapping(uint256 pair => uint256) pairs;
    }

    /// @notice Where a new token belongs.
    function start(Book storage book, address dealCode, uint64 dealId, uint8 classIndex) internal {
        (book.dealCode, book.dealId, book.classIndex) = (dealCode, dealId, classIndex);
        // Nobody reads an entry of period 0: it keeps the slot that it shares with period 1 from being an empty one,
        // which would cost the second distribution 17,100 more.
        if (!_pairsAreOdd(classIndex)) book.pairs[0] = 1;
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
        Owed more = accrued(book, account, head);
        if (Owed.unwrap(more) != 0) {
            if (account.usesOwed()) more = more.plus(book.owed[holder]);
            book.owed[holder] = more;
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
        owed = account.fractions();
        if (account.usesOwed()) owed = owed.plus(book.owed[holder]);
    }

    /// @notice Adds what a settled account is owed to the owed slot of another. The caller marks both accounts.
    function moveOwed(
        Book storage book,
        address from,
        Account source,
        address to,
        Account target
    ) internal {
        Owed owed = settledOwed(book, from, source);
        if (target.usesOwed()) owed = owed.plus(book.owed[to]);
        book.owed[to] = owed;
    }

    /// @notice What funded periods that are not settled yet give the account.
    function accrued(Book storage book, Account account, Head head) internal view returns (Owed) {
        uint256 last = head.lastFunded();
        uint256 settled = account.settledPeriod();
        uint256 held = account.balance();
        uint256 heldAtRecord = account.recordBalance();
        if (settled == last || held | heldAtRecord == 0) return Owed.wrap(0);

        uint256 base = settled == 0 ? 0 : indexes(_olderEntry(book, head, settled), head);
        uint256 newest = indexes(head.newest(), head);
        uint256 touched = account.touchedPeriod();
        // Both halves of a word at once: see `Owed`.
        unchecked {
            if (settled >= touched || touched > last) return Owed.wrap(held * (newest - base));
            if (touched == last) return Owed.wrap(heldAtRecord * (newest - base));
            uint256 own = indexes(_olderEntry(book, head, touched), head);
            // The touched period was skipped, or what was funded up to it is too little to be owed to a cent of face.
            if (own == 0) own = base;
            return Owed.wrap(heldAtRecord * (own - base) + held * (newest - own));
        }
    }

    /// @notice The entry of a period from 1 on; zero if it was skipped or is yet to come.
    function entryAt(Book storage book, Head head, uint256 period) internal view returns (Entry) {
        return period == head.lastFunded() ? head.newest() : _olderEntry(book, head, period);
    }

    /// @notice What one cent of face was owed up to an entry: funded = index * supply + remainder, so that the remainder
    ///  of each kind, which is below the supply, is what no holder is owed yet. It is never taken anywhere: the next
    ///  entry's sum holds it. Nothing is lost, and nobody is owed what is not there.
    function indexes(Entry entry, Head head) internal pure returns (uint256) {
        if (Entry.unwrap(entry) == 0) return 0;
        uint256 supply = head.supply();
        unchecked {
            // An amount has 64 bits, the scale 20 and the fraction 24.
            uint256 unit = head.scale() << TokenWords.FRACTION_BITS;
            return
                indexOf(entry.fundedInterest(), unit, supply) |
                (indexOf(entry.fundedPrincipal(), unit, supply) << 128);
        }
    }

    /// @notice What one cent of face is owed of `cents` funded, `unit` fractions of a cash unit each. `supply` is above zero.
    function indexOf(uint256 cents, uint256 unit, uint256 supply) internal pure returns (uint256) {
        unchecked {
            return (cents * unit) / supply;
        }
    }

    /// @notice Adds the entry of `period`, a later one than the last funded: amounts in cents, not both zero.
    /// @return The head that holds it. The caller stores it.
    function addEntry(
        Book storage book,
        Head head,
        uint256 period,
        uint256 interestCents,
        uint256 principalCents
    ) internal returns (Head) {
        Entry last = head.newest();
        if (Entry.unwrap(last) != 0) {
            (uint256 pair, uint256 shift) = _placeOf(head, head.lastFunded());
            book.pairs[pair] |= Entry.unwrap(last) << shift;
        }
        uint256 interest = last.fundedInterest() + interestCents;
        uint256 principal = last.fundedPrincipal() + principalCents;
        if (interest | principal > type(uint64).max)
            revert ITrancheToken.FundingTooLarge(interest, principal);
        return head.withFunded(period, Entry.wrap(interest | (principal << 64)));
    }

    function _olderEntry(
        Book storage book,
        Head head,
        uint256 period
    ) private view returns (Entry) {
        (uint256 pair, uint256 shift) = _placeOf(head, period);
        return Entry.wrap(uint128(book.pairs[pair] >> shift));
    }

    /// @dev Where an entry stands that is not the newest: its slot, and by how many bits it is shifted there.
    function _placeOf(
        Head head,
        uint256 period
    ) private pure returns (uint256 pair, uint256 shift) {
        unchecked {
            uint256 place = period + head.oddPairs();
            return (place >> 1, (place & 1) << 7);
        }
    }

    function _pairsAreOdd(uint256 classIndex) private pure returns (bool) {
        return classIndex & 1 == 0;
    }

    /// @dev The stored window has ended, so its next record time has passed, unless the calendar was never read.
    function _moved(Book storage book, Head head) private view returns (Head) {
        uint256 passed = head.recordPeriod();
        address code = book.dealCode;
        if (head.nextRecordTime() != 0) passed++;
        else
            head = head.withConstants(
                _pairsAreOdd(book.classIndex),
                uint8(DealTerms.wordAt(code, 13) >> 248)
            );
        (uint16 period, uint40 next) = DealTerms.recordWindow(code, passed, block.timestamp);
        return head.withWindow(period, next);
    }
}
