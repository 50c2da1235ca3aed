// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComplianceRegistry} from "../../../contracts/interfaces/IComplianceRegistry.sol";
import {ITrancheToken} from "../../../contracts/interfaces/ITrancheToken.sol";
import {TrancheToken} from "../../../contracts/tokens/TrancheToken.sol";
import {SnapshotModel} from "./SnapshotModel.sol";
import {ComplianceActions} from "./ComplianceActions.sol";
import {VM} from "../Vm.sol";

/// @title Random actors over a random calendar: what they do to the real contracts they do to the model.
/// @dev It is factory, distributor and registrar of the deal. An action that is refused must be one that ought to be.
contract TrancheHandler is ComplianceActions {
    uint256 public constant PERIODS = 9;

    SnapshotModel[] public models;
    uint40[] public recordTimes;
    uint256 public period;
    /// @dev Cash units per cent.
    uint256 public immutable scale;
    uint256 public refusedTransfers;
    uint256 public passedTransfers;

    constructor(uint256 seed) {
        uint40 time = uint40(block.timestamp);
        for (uint256 i = 0; i < PERIODS; i++) {
            // Windows of one second to a month.
            seed = uint256(keccak256(abi.encode(seed)));
            time += seed % 4 == 0 ? uint40(1 + (seed % 3)) : uint40(1 + (seed % 30 days));
            recordTimes.push(time);
        }
        uint64[] memory faces = new uint64[](CLASSES);
        for (uint256 c = 0; c < CLASSES; c++) {
            faces[c] = uint64(1_000_000 + ((seed >> (8 * c)) % 1_000_000));
            models.push(new SnapshotModel(WALLETS));
        }
        uint8 cashDecimals = uint8(2 + ((seed >> 128) % 7));
        scale = 10 ** (cashDecimals - 2);
        deployDeal(faces, recordTimes, 6_000, cashDecimals);
        for (uint256 i = 0; i < IDENTITIES; i++)
            compliance.setIdentity(identityId(i), type(uint40).max, 840, REASON);
        compliance.setCapExempt(DEAL, identityId(0), true, REASON);
        for (uint256 w = 0; w < WALLETS; w++) {
            wallets.push(address(uint160(0xA0000 + w)));
            identityOf.push(w % IDENTITIES);
            consent(w, w % IDENTITIES);
            compliance.linkWallet(wallets[w], identityId(w % IDENTITIES), REASON);
        }
        deployVenues(faces);
        // The first holder takes half of each class, so that no run starts with nothing to do.
        for (uint256 c = 0; c < CLASSES; c++) mintTo(c, 0, faces[c] / 2);
    }

    // -------------------------------------------------------------- actions

    function mint(uint256 c, uint256 to, uint256 amount) external capped {
        c %= CLASSES;
        to %= WALLETS;
        amount = amount % 300_000;
        bool allowed = period == 0 && mayReceive(c, to, amount);
        try tokens[c].mint(wallets[to], uint64(amount)) {
            require(allowed, "minted, but should not");
            models[c].mint(to, amount);
        } catch {
            require(!allowed, "mint refused");
        }
    }

    function transfer(uint256 c, uint256 from, uint256 to, uint256 amount) external capped {
        c %= CLASSES;
        (from, to) = (from % WALLETS, to % WALLETS);
        TrancheToken token = tokens[c];
        uint256 held = models[c].balanceOf(from);
        amount = amount % (held + held / 8 + 2);
        bool allowed = token.canTransfer(wallets[from], wallets[to], amount);
        VM.prank(wallets[from]);
        try token.transfer(wallets[to], amount) {
            require(allowed && amount <= held, "passed, but should not");
            models[c].move(from, to, amount);
            passedTransfers++;
        } catch {
            require(!allowed || amount > held, "refused, but should pass");
            refusedTransfers++;
        }
    }

    function forcedTransfer(uint256 c, uint256 from, uint256 to, uint256 amount) external capped {
        c %= CLASSES;
        (from, to) = (from % WALLETS, to % WALLETS);
        uint256 held = models[c].balanceOf(from);
        amount = amount % (held + 1);
        bool sameIdentity = identityOf[from] == identityOf[to];
        bool allowed =
            mayReceive(c, to, sameIdentity ? 0 : amount) &&
                !compliance.identity(identityId(identityOf[from])).venue;
        try tokens[c].forcedTransfer(wallets[from], wallets[to], amount) {
            require(allowed, "forced, but should not");
            models[c].move(from, to, amount);
        } catch {
            require(!allowed, "force refused");
        }
    }

    function advance(uint256 seconds_) external {
        uint256 next = period < PERIODS ? recordTimes[period] : block.timestamp + 1 days;
        uint256 span = next > block.timestamp ? next - block.timestamp : 1;
        // Stays inside the window, hits the record time itself, or skips whole periods.
        uint256 kind = seconds_ % 4;
        if (kind == 0) warp(block.timestamp + ((seconds_ >> 8) % span));
        else if (kind == 3) warp(block.timestamp + ((seconds_ >> 8) % 40 days));
        else warp(next + ((seconds_ >> 8) % 2));
    }

    function fund(uint256 c, uint256 p, uint256 interest, uint256 principal) external {
        c %= CLASSES;
        // Only periods whose record time has come, as the distributor does.
        uint256 chosen = p % 4 == 0 ? p % (period + 1) : period;
        uint40 end = chosen < PERIODS ? recordTimes[chosen] : type(uint40).max;
        uint256[2] memory cents = [interest % 1e13, principal % 1e13];
        if (p % 5 == 1) cents[0] = 0;
        if (p % 7 == 1) cents[1] = cents[1] % 3;
        bool nothing = cents[0] + cents[1] == 0;
        bool open = chosen == period && chosen > models[c].lastFunded() && models[c].supply() != 0;
        try tokens[c].fund(uint16(chosen), end, cents[0], cents[1]) {
            require(nothing || open, "funded outside of its window");
            if (!nothing) models[c].fund(chosen, [cents[0] * scale, cents[1] * scale]);
        } catch {
            require(!nothing && !open, "funding refused");
        }
    }

    function collect(uint256 c, uint256 holder) external {
        c %= CLASSES;
        holder %= WALLETS;
        (uint256 i, uint256 p) = tokens[c].entitlementOf(wallets[holder]);
        try tokens[c].collect(wallets[holder]) returns (uint256 interest, uint256 principal) {
            require(!tokens[c].isFrozen(wallets[holder]), "paid a frozen account");
            require(interest == i && principal == p, "not what the view promised");
            uint256[2] memory units = models[c].collect(holder);
            require(interest == units[0] && principal == units[1], "not what the model owes");
        } catch {
            require(tokens[c].isFrozen(wallets[holder]), "collect refused");
        }
    }

    function relink(uint256 who, uint256 to) external capped {
        who %= WALLETS;
        to %= IDENTITIES;
        consent(who, to);
        try compliance.linkWallet(wallets[who], identityId(to), REASON) {
            identityOf[who] = to;
        } catch (bytes memory reason) {
            require(
                bytes4(reason) == IComplianceRegistry.HolderCapExceeded.selector
                    ? !isUncapped(to)
                    : bytes4(reason) == IComplianceRegistry.VenueUnreadable.selector,
                "link refused"
            );
        }
    }

    function recover(uint256 c, uint256 lost, uint256 replacement) external capped {
        c %= CLASSES;
        bool anyPair = replacement % 8 == 0;
        (lost, replacement) = (lost % WALLETS, replacement % WALLETS);
        // Mostly two wallets of one identity.
        for (uint256 w = 0; w < WALLETS && !anyPair; w++)
            if (w != lost && identityOf[w] == identityOf[lost]) replacement = w;
        address named = address(uint160(uint256(identityId(identityOf[lost]))));
        bool isVenue = compliance.identity(identityId(identityOf[lost])).venue;
        try tokens[c].recoveryAddress(wallets[lost], wallets[replacement], named) {
            require(!isVenue, "recovered from a venue");
            models[c].recover(lost, replacement, period);
        } catch {
            require(
                isVenue || lost == replacement || identityOf[lost] != identityOf[replacement],
                "recovery refused"
            );
        }
    }

    function repay(uint256 seed) external {
        uint64[] memory balances = new uint64[](CLASSES);
        for (uint256 c = 0; c < CLASSES; c++) balances[c] = uint64((seed >> (32 * c)) % 1_000_000);
        classBalances = balances;
        compliance.setBalances(DEAL, code, balances);
    }

    // -------------------------------------------------------------- inside

    /// @dev The receiver's rules alone, as for a mint.
    function mayReceive(uint256 c, uint256 to, uint256 amount) private view returns (bool ok) {
        if (!tokens[c].canReceive(wallets[to])) return false;
        (ok, ) = compliance.canTransfer(address(tokens[c]), address(0), wallets[to], amount);
    }

    function mintTo(uint256 c, uint256 to, uint256 amount) private {
        tokens[c].mint(wallets[to], uint64(amount));
        models[c].mint(to, amount);
    }

    function warp(uint256 time) private {
        VM.warp(time);
        while (period < PERIODS && recordTimes[period] <= time) {
            period++;
            for (uint256 c = 0; c < CLASSES; c++) models[c].snapshot(period);
        }
    }
}

/// @title Laws of the tranche token under random use, against a brute-force model that snapshots every holder.
contract TrancheTokenTest {
    TrancheHandler private handler;

    function setUp() public {
        handler = new TrancheHandler(uint256(keccak256("calendar")));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @notice C2 C3 C4 C6 C7 C9 C10: what each holder is owed is what held at each funded record time, to the last fraction.
    function invariant_HoldersAreOwedWhatTheModelOwes() public view {
        checkOwed(handler);
    }

    /// @notice C1 C10: all that was funded is collected, collectable or in the carried remainder.
    function invariant_CashIsConserved() public view {
        checkCash(handler);
    }

    /// @notice C4 U5: each period's entry is what it was when the period was funded, wherever it stands now; a skipped
    ///  period has none. The two classes pair their periods differently.
    function invariant_EntriesNeverChange() public view {
        checkEntries(handler);
    }

    /// @notice K1: the registry's books are the balances, summed by identity, and add up to the supply.
    function invariant_BooksAddUpToSupply() public view {
        checkBooks(handler);
    }

    /// @notice The record window follows the clock.
    function invariant_RecordPeriodFollowsTheClock() public view {
        for (uint256 c = 0; c < handler.CLASSES(); c++)
            VM.assertEq(handler.tokens(c).recordPeriod(), handler.period(), "record period");
    }

    /// @notice The same laws on calendars that the fuzzer draws, with a sequence of actions that it draws too.
    function testFuzz_LawsHoldOnAnyCalendar(uint256 calendar, uint256 moves) public {
        TrancheHandler own = new TrancheHandler(calendar);
        for (uint256 i = 0; i < 24; i++) {
            moves = uint256(keccak256(abi.encode(moves)));
            act(own, moves);
            checkOwed(own);
            checkEntries(own);
        }
        checkCash(own);
        checkBooks(own);
    }

    function act(TrancheHandler own, uint256 seed) private {
        uint256 c = seed >> 16;
        uint256 a = seed >> 32;
        uint256 b = seed >> 64;
        uint256 amount = seed >> 96;
        uint256 kind = seed % 22;
        if (kind > 19) own.venue(a, b, amount);
        else if (kind > 17) own.rule(c, a, amount);
        else if (kind > 16) own.attest(a, amount);
        else if (kind > 15) own.freeze(c, a, amount);
        else if (kind < 4) own.transfer(c, a, b, amount);
        else if (kind < 5) own.forcedTransfer(c, a, b, amount);
        else if (kind < 8) own.advance(amount);
        else if (kind < 11) own.fund(c, a, b, amount);
        else if (kind < 13) own.collect(c, a);
        else if (kind < 14) own.recover(c, a, b);
        else if (kind < 15) own.mint(c, a, amount);
        else own.relink(a, b);
    }

    function checkOwed(TrancheHandler own) private view {
        for (uint256 c = 0; c < own.CLASSES(); c++) {
            TrancheToken token = own.tokens(c);
            SnapshotModel model = own.models(c);
            for (uint256 h = 0; h < own.WALLETS(); h++) {
                address wallet = own.wallets(h);
                (uint256 interest, uint256 principal) = token.owedFractionsOf(wallet);
                (uint256 modelInterest, uint256 modelPrincipal) = model.owedOf(h);
                VM.assertEq(interest, modelInterest, "interest owed");
                VM.assertEq(principal, modelPrincipal, "principal owed");
                (interest, principal) = token.entitlementOf(wallet);
                VM.assertEq(interest, modelInterest >> 24, "interest in whole units");
                VM.assertEq(principal, modelPrincipal >> 24, "principal in whole units");
                VM.assertEq(token.balanceOf(wallet), model.balanceOf(h), "balance");
            }
        }
    }

    function checkCash(TrancheHandler own) private view {
        for (uint256 c = 0; c < own.CLASSES(); c++) {
            TrancheToken token = own.tokens(c);
            SnapshotModel model = own.models(c);
            ITrancheToken.IndexEntry memory entry = token.indexAt(token.lastFundedPeriod());
            uint256 interest = entry.interestRemainder + (model.collected(0) << 24);
            uint256 principal = entry.principalRemainder + (model.collected(1) << 24);
            for (uint256 h = 0; h < own.WALLETS(); h++) {
                (uint256 i, uint256 p) = token.owedFractionsOf(own.wallets(h));
                interest += i;
                principal += p;
            }
            VM.assertEq(interest, model.funded(0) << 24, "interest funded");
            VM.assertEq(principal, model.funded(1) << 24, "principal funded");
        }
    }

    function checkEntries(TrancheHandler own) private view {
        for (uint256 c = 0; c < own.CLASSES(); c++) {
            SnapshotModel model = own.models(c);
            VM.assertEq(own.tokens(c).lastFundedPeriod(), model.lastFunded(), "last funded");
            for (uint16 p = 0; p <= own.PERIODS() + 1; p++) {
                ITrancheToken.IndexEntry memory entry = own.tokens(c).indexAt(p);
                uint256[2][3] memory expected = model.entryOf(p);
                VM.assertEq(entry.interestIndex, expected[0][0], "interest index");
                VM.assertEq(entry.principalIndex, expected[0][1], "principal index");
                VM.assertEq(entry.interestRemainder, expected[1][0], "interest remainder");
                VM.assertEq(entry.principalRemainder, expected[1][1], "principal remainder");
                VM.assertEq(entry.interestCents * own.scale(), expected[2][0], "interest cents");
                VM.assertEq(entry.principalCents * own.scale(), expected[2][1], "principal cents");
            }
        }
    }

    function checkBooks(TrancheHandler own) private view {
        uint256[] memory supply = new uint256[](own.CLASSES());
        for (uint256 id = 0; id < own.IDENTITIES(); id++) {
            uint64[] memory faces = own.compliance().holdingOf(1, own.identityId(id));
            for (uint256 c = 0; c < faces.length; c++) {
                uint256 held = 0;
                for (uint256 h = 0; h < own.WALLETS(); h++)
                    if (own.identityOf(h) == id) held += own.tokens(c).balanceOf(own.wallets(h));
                VM.assertEq(faces[c], held, "face booked for the identity");
                supply[c] += faces[c];
            }
        }
        for (uint256 c = 0; c < supply.length; c++) {
            VM.assertEq(supply[c], own.tokens(c).totalSupply(), "supply");
            VM.assertEq(supply[c], own.models(c).supply(), "supply of the model");
        }
    }
}
