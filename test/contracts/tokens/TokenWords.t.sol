// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Account, Entry, Head, Owed} from "../../../contracts/tokens/TokenWords.sol";

/// @title Every field of the packed slots is written alone and read back, whatever stood there before.
contract TokenWordsTest {
    struct AccountFields {
        uint48 balance;
        uint48 recordBalance;
        uint16 touched;
        uint16 settled;
        uint48 frozenTokens;
        bool frozen;
        bool owed;
        uint120 interest;
        uint120 principal;
    }

    function testFuzz_AccountFieldsAreApart(uint256 before, AccountFields memory f) public pure {
        Account account = Account.wrap(before & ~(uint256(1) << 177));
        account = account.withBalance(f.balance);
        account = account.withRecord(f.recordBalance, f.touched);
        account = account.withCollected(f.settled, owedOf(f.interest, f.principal));
        account = account.withFrozenTokens(f.frozenTokens);
        account = account.withFrozen(f.frozen);
        if (f.owed) account = account.withOwed();
        checkAccount(account, f);
        // Each field again, in another order: the others stay.
        checkAccount(account.withFrozen(!f.frozen).withFrozen(f.frozen), f);
        checkAccount(account.withFrozenTokens(~f.frozenTokens).withFrozenTokens(f.frozenTokens), f);
        checkAccount(account.withSettled(~f.settled).withSettled(f.settled), f);
        checkAccount(
            account.withRecord(~f.recordBalance, ~f.touched).withRecord(f.recordBalance, f.touched),
            f
        );
        checkAccount(account.withBalance(~f.balance).withBalance(f.balance), f);
        // What stood in the owed slot was collected too.
        f.owed = false;
        Account collected = account.withCollected(~f.settled, owedOf(~f.interest, ~f.principal));
        checkAccount(collected.withCollected(f.settled, owedOf(f.interest, f.principal)), f);
        require((Account.unwrap(account) ^ before) >> 232 == 0, "above");
        require(((Account.unwrap(account) ^ before) >> 178) & 63 == 0, "between");
    }

    function testFuzz_EmptiedKeepsSettledAndFreeze(uint256 before, uint16 touched) public pure {
        Account account = Account.wrap(before);
        AccountFields memory f;
        (f.touched, f.settled) = (touched, uint16(account.settledPeriod()));
        f.frozen = account.isFrozen();
        checkAccount(account.emptied(touched), f);
    }

    function testFuzz_HeadFieldsAreApart(
        uint256 before,
        uint48 supply,
        uint16 period,
        uint40 next,
        uint16 funded,
        uint128 entry
    ) public pure {
        Head head = Head.wrap(before).withFunded(funded, Entry.wrap(entry));
        head = head.withSupply(supply).withWindow(period, next);
        for (uint256 i = 0; i < 2; i++) {
            require(head.supply() == supply, "supply");
            require(head.recordPeriod() == period, "record period");
            require(head.nextRecordTime() == next, "next record time");
            require(head.lastFunded() == funded, "last funded");
            require(Entry.unwrap(head.newest()) == entry, "newest entry");
            require(head.newest().fundedInterest() == uint64(entry), "funded interest");
            require(head.newest().fundedPrincipal() == entry >> 64, "funded principal");
            head = head.withWindow(~period, ~next).withSupply(~supply).withWindow(period, next);
            head = head.withFunded(~funded, Entry.wrap(~entry)).withSupply(supply);
            head = head.withFunded(funded, Entry.wrap(entry));
        }
        require(Head.unwrap(head) >> 248 == before >> 248, "above");
        Head paused = head.withPaused(true);
        require(paused.isPaused() && !head.withPaused(false).isPaused(), "paused");
        require((Head.unwrap(paused) ^ Head.unwrap(head)) & ~(uint256(1) << 248) == 0, "beside");
    }

    function testFuzz_ConstantsAreApart(uint248 before, bool odd, uint8 decimals) public pure {
        decimals = uint8(2 + (decimals % 7));
        Head head = Head.wrap(before).withPaused(true).withConstants(odd, decimals);
        require(head.isPaused(), "paused");
        require(head.oddPairs() == (odd ? 1 : 0), "pairs");
        require(head.scale() == 10 ** (decimals - 2), "scale");
        require(uint248(Head.unwrap(head)) == before, "below");
        require(Head.unwrap(head) >> 253 == 0, "above");
    }

    function testFuzz_OwedHalvesAreApart(uint120 a, uint120 b, uint120 c, uint120 d) public pure {
        Owed owed = owedOf(a, b).plus(owedOf(c, d));
        require(owed.interest() == uint256(a) + c, "interest");
        require(owed.principal() == uint256(b) + d, "principal");
    }

    function owedOf(uint120 interest, uint120 principal) private pure returns (Owed) {
        return Owed.wrap(interest | (uint256(principal) << 128));
    }

    function checkAccount(Account account, AccountFields memory f) private pure {
        require(account.balance() == f.balance, "balance");
        require(account.recordBalance() == f.recordBalance, "record balance");
        require(account.touchedPeriod() == f.touched, "touched period");
        require(account.settledPeriod() == f.settled, "settled period");
        require(account.frozenTokens() == f.frozenTokens, "frozen tokens");
        require(account.isFrozen() == f.frozen, "frozen");
        require(account.usesOwed() == f.owed, "owed slot");
        require(account.fractions().interest() == f.interest % 2 ** 24, "interest fraction");
        require(account.fractions().principal() == f.principal % 2 ** 24, "principal fraction");
    }
}
