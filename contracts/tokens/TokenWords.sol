// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The token's head slot, from the low bits: supply u48 | recordPeriod u16 | lastFunded u16 | nextRecordTime u40 | the
///  entry of the last funded period u128 | flags u8 (1 = paused, 2 = the class's pairs of entries begin with an odd period,
///  the next three bits: cash decimals - 2). One load tells a transfer whether it is the first of a record window, and a
///  claim what was funded last. Pairs and decimals are known from the first look into the calendar on.
type Head is uint256;

/// @dev An account's slot, from the low bits: balance u48 | recordBalance u48 | touchedPeriod u16 | settledPeriod u16 |
///  frozenTokens u48 | flags u8 (1 = account frozen, 2 = the owed slot counts) | interestFraction u24 |
///  principalFraction u24. The balance stands lowest so that a transfer adds to the raw word. A claim writes this word
///  anyway: what it leaves of a unit stays here.
type Account is uint256;

/// @dev A period's entry: interest u64 | principal u64, all that was funded up to the period, in cents; 128 bits, so that two
///  fit a slot. Zero if the period was never funded: what is funded is never nothing. An entry holds the sum itself, not
///  its quotient by the supply, because the sum says more in fewer bits: quotient and remainder both follow from it (see
///  `indexes`), and 64 bits last for 65,536 times the greatest face that a class can have, however small its own is.
type Entry is uint256;

/// @dev Interest u128 | principal u128 in 2^-24 cash units: what an account is owed, or an index, what one cent of face was
///  owed since closing. Everything that was ever funded, in this unit, is below 2^64 * 10^6 * 2^24 < 2^108, and so are both
///  halves of an index, of an index times a balance, which is at most the supply that divided it, and of what any account
///  is owed. So sums, differences of a later and an earlier index, and products with a balance are formed in one word.
///  The slot of an account's counts from a transfer that settles a period that was not claimed to the next claim. Then it
///  is left as it is, and not looked at: emptied, its next use would cost 17,100 more, and so would writing it now 2,900.
type Owed is uint256;

using TokenWords for Head global;
using TokenWords for Account global;
using TokenWords for Entry global;
using TokenWords for Owed global;

/// @title Reads and writes the fields of the token's slots.
/// @dev Every `with` function expects a value that fits its field; callers check where it can be too large.
library TokenWords {
    uint256 internal constant MAX_FACE = type(uint48).max;
    /// @notice Entitlements are kept in fractions of a cash unit: 2^-24.
    uint256 internal constant FRACTION_BITS = 24;
    uint256 private constant PAUSED_FLAG = 1 << 248;
    uint256 private constant ODD_PAIRS_FLAG = 1 << 249;
    uint256 private constant FROZEN_FLAG = 1 << 176;
    uint256 private constant OWED_FLAG = 1 << 177;
    uint256 private constant MAX_FRACTION = (1 << FRACTION_BITS) - 1;
    uint256 private constant MAX_FRACTIONS = (1 << (2 * FRACTION_BITS)) - 1;
    uint256 private constant COLLECTED = (MAX_FRACTIONS << 184) | OWED_FLAG | (0xffff << 112);

    /// @notice Original face issued, cents.
    function supply(Head head) internal pure returns (uint256) {
        return Head.unwrap(head) & MAX_FACE;
    }

    /// @notice The record window that the stored head belongs to.
    function recordPeriod(Head head) internal pure returns (uint256) {
        return uint16(Head.unwrap(head) >> 48);
    }

    /// @notice The last funded period; 0 if none was.
    function lastFunded(Head head) internal pure returns (uint256) {
        return uint16(Head.unwrap(head) >> 64);
    }

    /// @notice When the stored window ends; 0 before the calendar was first read.
    function nextRecordTime(Head head) internal pure returns (uint256) {
        return uint40(Head.unwrap(head) >> 80);
    }

    /// @notice The entry of the last funded period; zero if none was.
    function newest(Head head) internal pure returns (Entry) {
        return Entry.wrap(uint128(Head.unwrap(head) >> 120));
    }

    /// @notice 1 if the class's pairs of entries are periods 1 and 2, 3 and 4 and so on; 0 if 0 and 1, 2 and 3.
    function oddPairs(Head head) internal pure returns (uint256) {
        return (Head.unwrap(head) >> 249) & 1;
    }

    /// @notice Cash units per cent.
    function scale(Head head) internal pure returns (uint256) {
        return 10 ** ((Head.unwrap(head) >> 250) & 7);
    }

    function isPaused(Head head) internal pure returns (bool) {
        return Head.unwrap(head) & PAUSED_FLAG != 0;
    }

    function withPaused(Head head, bool paused) internal pure returns (Head) {
        uint256 kept = Head.unwrap(head) & ~PAUSED_FLAG;
        return Head.wrap(paused ? kept | PAUSED_FLAG : kept);
    }

    function withWindow(Head head, uint16 period, uint40 next) internal pure returns (Head) {
        uint256 kept = Head.unwrap(head) & ~((uint256(type(uint40).max) << 80) | (0xffff << 48));
        return Head.wrap(kept | (uint256(next) << 80) | (uint256(period) << 48));
    }

    /// @notice What never changes: how the class pairs its entries, and the cash token's decimals, 2 to 8.
    function withConstants(
        Head head,
        bool pairsAreOdd,
        uint256 cashDecimals
    ) internal pure returns (Head) {
        uint256 word = Head.unwrap(head) | ((cashDecimals - 2) << 250);
        return Head.wrap(pairsAreOdd ? word | ODD_PAIRS_FLAG : word);
    }

    function withFunded(Head head, uint256 period, Entry entry) internal pure returns (Head) {
        uint256 kept =
            Head.unwrap(head) & ~((uint256(type(uint128).max) << 120) | (uint256(0xffff) << 64));
        return Head.wrap(kept | (period << 64) | (Entry.unwrap(entry) << 120));
    }

    function withSupply(Head head, uint256 supply_) internal pure returns (Head) {
        return Head.wrap((Head.unwrap(head) & ~MAX_FACE) | supply_);
    }

    /// @notice Original face held, cents.
    function balance(Account account) internal pure returns (uint256) {
        return Account.unwrap(account) & MAX_FACE;
    }

    /// @notice Face held at record time `touchedPeriod`, cents.
    function recordBalance(Account account) internal pure returns (uint256) {
        return uint48(Account.unwrap(account) >> 48);
    }

    /// @notice The record window of the account's last change of balance.
    function touchedPeriod(Account account) internal pure returns (uint256) {
        return uint16(Account.unwrap(account) >> 96);
    }

    /// @notice The last funded period that was added to what the account is owed.
    function settledPeriod(Account account) internal pure returns (uint256) {
        return uint16(Account.unwrap(account) >> 112);
    }

    /// @notice Face that the account may not send, cents; may exceed the balance.
    function frozenTokens(Account account) internal pure returns (uint256) {
        return uint48(Account.unwrap(account) >> 128);
    }

    function isFrozen(Account account) internal pure returns (bool) {
        return Account.unwrap(account) & FROZEN_FLAG != 0;
    }

    function withBalance(Account account, uint256 balance_) internal pure returns (Account) {
        return Account.wrap((Account.unwrap(account) & ~MAX_FACE) | balance_);
    }

    function withRecord(
        Account account,
        uint256 balance_,
        uint256 period
    ) internal pure returns (Account) {
        uint256 kept = Account.unwrap(account) & ~(((uint256(1) << 64) - 1) << 48);
        return Account.wrap(kept | (balance_ << 48) | (period << 96));
    }

    function withSettled(Account account, uint256 period) internal pure returns (Account) {
        uint256 kept = Account.unwrap(account) & ~(uint256(0xffff) << 112);
        return Account.wrap(kept | (period << 112));
    }

    function withFrozenTokens(Account account, uint256 amount) internal pure returns (Account) {
        uint256 kept = Account.unwrap(account) & ~(MAX_FACE << 128);
        return Account.wrap(kept | (amount << 128));
    }

    function withFrozen(Account account, bool frozen) internal pure returns (Account) {
        uint256 kept = Account.unwrap(account) & ~FROZEN_FLAG;
        return Account.wrap(frozen ? kept | FROZEN_FLAG : kept);
    }

    /// @notice Whether what stands in the account's owed slot is owed.
    function usesOwed(Account account) internal pure returns (bool) {
        return Account.unwrap(account) & OWED_FLAG != 0;
    }

    function withOwed(Account account) internal pure returns (Account) {
        return Account.wrap(Account.unwrap(account) | OWED_FLAG);
    }

    /// @notice Nothing held, recorded, frozen in part or owed; the account's settled period and its own freeze stay.
    function emptied(Account account, uint256 touched) internal pure returns (Account) {
        uint256 kept = Account.unwrap(account) & ((uint256(0xffff) << 112) | FROZEN_FLAG);
        return Account.wrap(kept | (touched << 96));
    }

    /// @notice What the account keeps of a unit of interest and of principal.
    function fractions(Account account) internal pure returns (Owed) {
        uint256 word = Account.unwrap(account);
        return Owed.wrap(((word >> 184) & MAX_FRACTION) | (((word >> 208) & MAX_FRACTION) << 128));
    }

    /// @notice Settled up to `period` and paid all whole units of what it was owed; the account keeps the fractions.
    function withCollected(
        Account account,
        uint256 period,
        Owed owed
    ) internal pure returns (Account) {
        uint256 kept = Account.unwrap(account) & ~COLLECTED;
        kept |= (interest(owed) & MAX_FRACTION) << 184;
        kept |= (principal(owed) & MAX_FRACTION) << 208;
        return Account.wrap(kept | (period << 112));
    }

    /// @notice All interest funded up to the entry's period, cents.
    function fundedInterest(Entry entry) internal pure returns (uint256) {
        return uint64(Entry.unwrap(entry));
    }

    /// @notice All principal funded up to the entry's period, cents.
    function fundedPrincipal(Entry entry) internal pure returns (uint256) {
        return Entry.unwrap(entry) >> 64;
    }

    /// @notice Interest owed, in 2^-24 cash units.
    function interest(Owed owed) internal pure returns (uint256) {
        return uint128(Owed.unwrap(owed));
    }

    /// @notice Principal owed, in 2^-24 cash units.
    function principal(Owed owed) internal pure returns (uint256) {
        return Owed.unwrap(owed) >> 128;
    }

    function plus(Owed owed, Owed more) internal pure returns (Owed) {
        unchecked {
            return Owed.wrap(Owed.unwrap(owed) + Owed.unwrap(more));
        }
    }
}
