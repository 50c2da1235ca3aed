// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDealFactory} from "../../../contracts/interfaces/IDealFactory.sol";
import {IReportRegistry} from "../../../contracts/interfaces/IReportRegistry.sol";
import {ITrancheToken} from "../../../contracts/interfaces/ITrancheToken.sol";
import {SnapshotModel} from "../tokens/SnapshotModel.sol";
import {FuzzTerms} from "../waterfall/FuzzTerms.sol";
import {FiveClassTerms} from "./FiveClassTerms.sol";
import {PlatformSetup} from "./PlatformSetup.sol";
import {TermsEdits} from "./TermsEdits.sol";
import {TestCash} from "./TestCash.sol";
import {VM} from "../Vm.sol";

/// @title Four deals, ten wallets and six identities on the real platform.
/// @notice Deal 1 is what the compiler made. The others have drawn calendars and faces: 2 has cents as its cash and next to
///  no face, 3 has five classes and 8 decimals, 4 is large and shares the cash token of deal 1. Identity 0 is the initial
///  purchaser, exempt from the caps; identity 5 is a venue.
abstract contract SystemSetup is PlatformSetup {
    using TermsEdits for bytes;

    uint256 public constant DEALS = 4;
    uint256 public constant WALLETS = 10;
    uint256 public constant IDENTITIES = 6;
    uint256 internal constant VENUE = 5;
    uint256 internal constant NOBODY = type(uint256).max;
    bytes32 internal constant REASON = "test";
    address internal constant ORIGINATOR = address(0x0419);
    uint256 private constant CLOSING = FuzzTerms.CLOSING;
    uint256 private constant WALLET_KEY = 0xA110CA7E;

    /// @dev Of the report that waits.
    enum Stage {
        Standing,
        Challenged,
        Rejected
    }

    /// @dev One deal and what the handler knows of it by its own count.
    struct DealCase {
        TestCash cash;
        uint256 scale;
        bytes terms;
        address code;
        uint256 classes;
        uint256 payees;
        uint256 periods;
        uint40[] recordTimes;
        uint40[] paymentTimes;
        uint40[] determinationTimes;
        /// The record window that the clock is in, and the last period that was distributed.
        uint256 window;
        uint256 distributed;
        /// The report that waits for its distribution.
        IReportRegistry.Report pending;
        bool isPending;
        Stage stage;
        uint256 finalAt;
        uint256 answerTime;
        bool isReportingPaused;
        /// What lateness depends on: the end of a pause, the first rejection of a period.
        uint256 resumedAt;
        uint256 lastFinalAt;
        uint256 latePeriod;
        mapping(uint256 period => uint256) rejectedAt;
        uint256 pool;
        /// Units that came in, deposits among them.
        uint256 unitsIn;
        bytes32 history;
    }

    /// @dev By deal and class: interest and principal in units.
    struct ClassBooks {
        ITrancheToken token;
        SnapshotModel model;
        uint256 supply;
        uint256 funded;
        uint256 claimed;
        uint256[2] carry;
    }

    DealCase[5] internal deals;
    ClassBooks[5][5] internal books;
    address[] public wallets;
    /// @dev The identity of each wallet; NOBODY when it has none.
    uint256[] public identityOf;
    uint256[2] internal attesterKeys;
    mapping(TestCash cash => uint256) internal strayUnits;

    function identityId(uint256 index) public pure returns (bytes32) {
        return index == NOBODY ? bytes32(0) : bytes32(index + 1);
    }

    function walletKey(uint256 wallet) internal pure returns (uint256) {
        return WALLET_KEY + wallet;
    }

    function payeeOf(uint256 deal, uint256 payee) public pure returns (address) {
        return address(uint160(0xFEE0000 + deal * 16 + payee));
    }

    function _setUpSystem(uint256 seed) internal {
        VM.warp(1);
        _deployPlatform();
        attesterKeys = [uint256(0xA77E57), 0xB77E57];
        if (VM.addr(attesterKeys[0]) > VM.addr(attesterKeys[1])) {
            attesterKeys = [uint256(0xB77E57), 0xA77E57];
        }
        for (uint256 i = 0; i < IDENTITIES; i++) {
            VM.prank(REGISTRAR);
            compliance.setIdentity(identityId(i), type(uint40).max, 840, REASON);
        }
        VM.prank(REGISTRAR);
        compliance.setVenue(identityId(VENUE), true, REASON);
        for (uint256 w = 0; w < WALLETS; w++) {
            wallets.push(VM.addr(walletKey(w)));
            identityOf.push(w % IDENTITIES);
            VM.prank(wallets[w]);
            compliance.consentToLink(identityId(w % IDENTITIES));
            VM.prank(REGISTRAR);
            compliance.linkWallet(wallets[w], identityId(w % IDENTITIES), REASON);
        }
        TestCash dollars = new TestCash(6);
        _createDeal(1, dollars, FuzzTerms.terms());
        _createDeal(2, new TestCash(2), _drawn(FuzzTerms.terms(), 2, 2_000, 2_500, seed));
        _createDeal(3, new TestCash(8), _drawn(FiveClassTerms.terms(), 8, 5e9, 3_000, seed >> 1));
        _createDeal(4, dollars, _drawn(FuzzTerms.terms(), 6, 6e10, 1_500, seed >> 2));
        VM.warp(CLOSING);
        for (uint256 d = 1; d <= DEALS; d++) _closeDeal(d);
    }

    function _drawn(
        bytes memory terms,
        uint256 decimals,
        uint256 mostFace,
        uint256 capBps,
        uint256 seed
    ) private pure returns (bytes memory) {
        terms.put(13, decimals, 1);
        terms.put(14, 1 + (seed % 3), 1);
        terms.put(51, capBps, 2);
        terms.drawFaces(mostFace, seed);
        // The deal with the smallest faces has the shortest windows, down to a second.
        terms.drawCalendar(CLOSING, mostFace < 10_000 ? 0 : 2 days, seed);
        terms.putDeposit(1, mostFace / 50);
        terms.putChallenges();
        return terms;
    }

    function _createDeal(uint256 d, TestCash cash, bytes memory terms) private {
        DealCase storage deal = deals[d];
        (deal.cash, deal.terms) = (cash, terms);
        deal.scale = 10 ** (uint256(cash.decimals()) - 2);
        (deal.classes, deal.payees) = (terms.field(1, 1), terms.field(4, 1));
        (deal.periods, deal.pool) = (terms.field(16, 2), terms.field(64, 8));
        deal.answerTime = terms.field(terms.field(92, 2) + 12, 4);
        _readCalendar(deal);
        IDealFactory.NewDeal memory created;
        created.terms = terms;
        created.cashToken = address(cash);
        created.payees = new address[](deal.payees);
        for (uint256 i = 0; i < deal.payees; i++) created.payees[i] = payeeOf(d, i);
        created.originator = ORIGINATOR;
        created.symbols = new string[](deal.classes);
        created.names = new string[](deal.classes);
        created.attestation.attesters = new address[](2);
        for (uint256 i = 0; i < 2; i++) {
            created.attestation.attesters[i] = VM.addr(attesterKeys[i]);
        }
        created.attestation.threshold = 2;
        VM.prank(ISSUER);
        uint64 id = factory.createDeal(created);
        require(id == d, "deal id");
        deal.code = factory.dealCode(id);
        address[] memory tokens = factory.tokensOf(id);
        for (uint256 c = 0; c < deal.classes; c++) {
            books[d][c].token = ITrancheToken(tokens[c]);
            books[d][c].model = new SnapshotModel(WALLETS);
            books[d][c].supply = terms.field(terms.field(18, 2) + 32 * c, 8);
        }
        cash.approve(address(distributor), type(uint256).max);
        if (d == 1) return;
        VM.prank(REGISTRAR);
        compliance.setCapExempt(id, identityId(0), true, REASON);
    }

    function _readCalendar(DealCase storage deal) private {
        bytes memory terms = deal.terms;
        uint256 row = terms.field(40, 2);
        for (uint256 i = 0; i < deal.periods; i++) {
            deal.determinationTimes.push(uint40(terms.field(row, 5)));
            deal.recordTimes.push(uint40(terms.field(row + 5, 5)));
            deal.paymentTimes.push(uint40(terms.field(row + 10, 5)));
            row += terms.field(15, 1);
        }
    }

    /// @dev A twentieth of each class to four investors each, the rest to the initial purchaser.
    function _closeDeal(uint256 d) private {
        DealCase storage deal = deals[d];
        uint256 cents = 0;
        for (uint256 i = 0; i < deal.terms.field(2, 1); i++) {
            cents += deal.terms.field(deal.terms.field(24, 2) + 16 * i + 1, 8);
        }
        deal.unitsIn = cents * deal.scale;
        deal.cash.mint(ORIGINATOR, deal.unitsIn);
        VM.prank(ORIGINATOR);
        deal.cash.approve(address(distributor), type(uint256).max);
        VM.prank(ORIGINATOR);
        factory.agreeToDeposit(uint64(d));
        IDealFactory.Allocation[] memory parts = new IDealFactory.Allocation[](5 * deal.classes);
        for (uint256 c = 0; c < deal.classes; c++) {
            uint256 face = books[d][c].supply;
            for (uint256 w = 0; w < 5; w++) {
                uint256 part = w == 0 ? face - 4 * (face / 20) : face / 20;
                parts[5 * c + w] = IDealFactory.Allocation(uint8(c), wallets[w], uint64(part));
                books[d][c].model.mint(w, part);
            }
        }
        VM.prank(ISSUER);
        factory.closeDeal(uint64(d), parts);
        deal.history = distributor.historyHash(uint64(d));
    }

    /// @dev Lets time pass; at each record time the models remember who holds.
    function _warp(uint256 time) internal {
        VM.warp(time);
        for (uint256 d = 1; d <= DEALS; d++) {
            DealCase storage deal = deals[d];
            while (deal.window < deal.periods && deal.recordTimes[deal.window] <= time) {
                deal.window++;
                for (uint256 c = 0; c < deal.classes; c++) {
                    books[d][c].model.snapshot(deal.window);
                }
            }
        }
    }
}
