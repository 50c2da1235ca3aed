// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {ComplianceRegistry} from "../../../contracts/compliance/ComplianceRegistry.sol";
import {IReportRegistry} from "../../../contracts/interfaces/IReportRegistry.sol";
import {IReportViews} from "../../../contracts/interfaces/IReportViews.sol";
import {ITrancheToken} from "../../../contracts/interfaces/ITrancheToken.sol";
import {AwkwardCash} from "../../../contracts/mocks/AwkwardCash.sol";
import {ReportRegistry} from "../../../contracts/reports/ReportRegistry.sol";
import {TrancheToken} from "../../../contracts/tokens/TrancheToken.sol";
import {WaterfallDistributor} from "../../../contracts/waterfall/WaterfallDistributor.sol";
import {IRunInputs} from "../../../contracts/interfaces/IRunInputs.sol";
import {LedgerViews} from "../../../contracts/waterfall/LedgerViews.sol";
import {WaterfallEngine} from "../../../contracts/waterfall/WaterfallEngine.sol";
import {FuzzTerms} from "./FuzzTerms.sol";
import {VM} from "../Vm.sol";

/// @title Random use of the distributor by everybody, over two deals and the real collaborators.
/// @notice Acts as factory, attester and public. Keeps count of what went in and out of each deal.
contract DistributorHandler {
    uint256 private constant ATTESTER_KEY = 0xa77e57;
    uint256 private constant UNITS_PER_CENT = 10_000;
    uint256 private constant MONTH = 30 days;
    bytes32 private constant REASON = "test";
    uint64 public constant DEALS = 2;

    AwkwardCash public cash = new AwkwardCash();
    WaterfallDistributor public distributor;
    ReportRegistry public reports;
    ComplianceRegistry public compliance;
    AccessManager private authority = new AccessManager(address(this));
    UpgradeableBeacon private beacon;
    address[3] private holders = [address(0xa11ce), address(0xb0b), address(0xca401)];

    mapping(uint64 => TrancheToken[]) public tokens;
    mapping(uint64 => address[]) public payees;
    mapping(uint64 => IReportRegistry.Report) private pending;
    mapping(uint64 => bool) private isPending;
    mapping(uint64 => uint64) private pool;
    mapping(uint64 => uint256) public fundedUnits;
    mapping(uint64 => uint256) public claimedUnits;
    uint256 public donatedUnits;
    uint256 public runs;

    constructor() {
        VM.warp(FuzzTerms.CLOSING);
        address distributorAt = VM.computeCreateAddress(
            address(this),
            VM.getNonce(address(this)) + 6
        );
        compliance = ComplianceRegistry(
            _proxy(
                address(new ComplianceRegistry(address(this), distributorAt)),
                abi.encodeCall(ComplianceRegistry.initialize, (address(authority)))
            )
        );
        address reportsAt = _proxy(
            address(new ReportRegistry(address(this), distributorAt)),
            abi.encodeCall(ReportRegistry.initialize, (address(authority)))
        );
        reports = ReportRegistry(reportsAt);
        LedgerViews.Links memory links = LedgerViews.Links(
            address(new WaterfallEngine()),
            address(this),
            reports,
            compliance,
            IRunInputs(address(this))
        );
        distributor = WaterfallDistributor(
            _proxy(
                address(new WaterfallDistributor(links)),
                abi.encodeCall(WaterfallDistributor.initialize, (address(authority)))
            )
        );
        require(address(distributor) == distributorAt);
        beacon = new UpgradeableBeacon(
            address(new TrancheToken(address(this), address(distributor), address(compliance))),
            address(this)
        );
        cash.approve(address(distributor), type(uint256).max);
        for (uint256 i = 0; i < 3; i++) {
            bytes32 id = bytes32(i + 1);
            compliance.setIdentity(id, type(uint40).max, 840, REASON);
            VM.prank(holders[i]);
            compliance.consentToLink(id);
            compliance.linkWallet(holders[i], id, REASON);
        }
        for (uint64 dealId = 1; dealId <= DEALS; dealId++) _createDeal(dealId);
    }

    function _proxy(address implementation, bytes memory call) private returns (address) {
        return address(new ERC1967Proxy(implementation, call));
    }

    function _createDeal(uint64 dealId) private {
        address[] memory behind = new address[](7);
        address[] memory classTokens = new address[](3);
        behind[0] = address(cash);
        for (uint256 i = 0; i < 3; i++) {
            classTokens[i] = behind[1 + i] = address(new BeaconProxy(address(beacon), ""));
            behind[4 + i] = address(uint160(0xfee0000 + dealId * 16 + i));
            payees[dealId].push(behind[4 + i]);
            tokens[dealId].push(TrancheToken(behind[1 + i]));
        }
        address code = FuzzTerms.deploy(behind);
        for (uint8 i = 0; i < 3; i++) {
            tokens[dealId][i].initialize(
                ITrancheToken.InitParams({
                    name: "Class",
                    symbol: "C",
                    authority: address(authority),
                    dealId: dealId,
                    classIndex: i,
                    dealCode: code
                })
            );
        }
        address[] memory attesters = new address[](1);
        attesters[0] = VM.addr(ATTESTER_KEY);
        compliance.registerDeal(dealId, code, classTokens);
        reports.registerDeal(
            dealId,
            code,
            IReportViews.Attestation(attesters, 1, new address[](0), 0)
        );
        distributor.registerDeal(dealId, code, classTokens);
        uint64[3] memory faces = [uint64(80_000_000), 10_000_000, 8_000_000];
        for (uint256 i = 0; i < 3; i++) tokens[dealId][i].mint(holders[i], uint64(faces[i]));
        distributor.openDeal(dealId, address(this));
        pool[dealId] = 98_000_000;
    }

    function _deal(uint256 seed) private pure returns (uint64) {
        return uint64(1 + (seed % DEALS));
    }

    // ------------------------------------------------------------------ what anybody may do

    /// @notice Funds up to a year's interest of the deal.
    function fund(uint256 seed, uint24 cents) external {
        if (cents == 0) return;
        uint256 units = uint256(cents) * UNITS_PER_CENT;
        cash.mint(address(this), units);
        distributor.fund(_deal(seed), cents);
        fundedUnits[_deal(seed)] += units;
    }

    /// @notice Cash that reaches the contract past its ledger.
    function donate(uint32 units) external {
        cash.mint(address(distributor), units);
        donatedUnits += units;
    }

    /// @notice Brings the next period's report, signed by the attester.
    function publish(
        uint256 seed,
        uint32 fall,
        uint24 funds,
        uint24 loss,
        uint24 recovery
    ) external {
        uint64 dealId = _deal(seed);
        (, uint16 lastPeriod, , , ) = distributor.stateOf(dealId);
        if (isPending[dealId] || lastPeriod == FuzzTerms.PERIODS) return;
        _warpTo(FuzzTerms.CLOSING + (lastPeriod + 1) * MONTH);
        IReportRegistry.Report storage report = pending[dealId];
        (report.dealId, report.period, report.version) = (dealId, lastPeriod + 1, 1);
        report.termsHash = keccak256(FuzzTerms.terms());
        uint64 closing = pool[dealId] - uint64(fall % (pool[dealId] + 1));
        delete report.figures;
        report.figures.push(int256(uint256(pool[dealId])));
        report.figures.push(int256(uint256(closing)));
        report.figures.push(1);
        report.figures.push(int256(uint256(funds)));
        report.figures.push(int256(uint256(fall % 1_000_000)));
        report.figures.push(int256(uint256(loss)));
        report.figures.push(int256(uint256(recovery)));
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(ATTESTER_KEY, reports.reportDigest(report));
        address[] memory signers = new address[](1);
        signers[0] = VM.addr(ATTESTER_KEY);
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = abi.encodePacked(r, s, v);
        reports.publishReport(report, signers, signatures);
        (isPending[dealId], pool[dealId]) = (true, closing);
    }

    /// @notice Distributes on the deal's pending report: in time or up to three months late.
    function distribute(uint256 seed, uint8 delay) external {
        uint64 dealId = _deal(seed);
        if (!isPending[dealId]) return;
        IReportRegistry.Report memory report = pending[dealId];
        (uint256 collections, , , , ) = distributor.cashOf(dealId);
        if (collections < uint256(report.figures[3])) return;
        uint256 late = delay % 4 == 0 ? (delay % 3) * MONTH : 0;
        _warpTo(FuzzTerms.CLOSING + report.period * MONTH + 5 days + late);
        distributor.distribute(report);
        isPending[dealId] = false;
        runs++;
    }

    /// @notice Claims for any holder of any class.
    function claim(uint256 seed, uint8 class, uint8 who) external {
        _claim(_deal(seed), class % 3, holders[who % 3]);
    }

    /// @notice [C1] Pays every holder of a deal everything. What is left is below a unit a holder and
    /// kind, and what the index carries: below supply / 2^24, so 5 units for the largest class.
    function claimEverything(uint256 seed) external {
        uint64 dealId = _deal(seed);
        for (uint8 i = 0; i < 9; i++) _claim(dealId, i / 3, holders[i % 3]);
        require(unclaimedUnits(dealId) <= 3 * (3 * 2 + 2 * 5));
    }

    function _claim(uint64 dealId, uint8 class, address holder) private {
        uint256 before = cash.balanceOf(holder);
        distributor.claim(address(tokens[dealId][class]), holder);
        claimedUnits[dealId] += cash.balanceOf(holder) - before;
    }

    /// @notice Moves notes between holders.
    function transfer(uint256 seed, uint8 class, uint8 who, uint8 to, uint32 amount) external {
        TrancheToken token = tokens[_deal(seed)][class % 3];
        address from = holders[who % 3];
        uint256 balance = token.balanceOf(from);
        VM.prank(from);
        token.transfer(holders[to % 3], balance == 0 ? 0 : amount % (balance + 1));
    }

    /// @notice Makes a payee unreachable or reachable.
    function setPayeeHabit(uint256 seed, uint8 payee, bool blocked) external {
        cash.setHabit(
            payees[_deal(seed)][payee % 3],
            blocked ? AwkwardCash.Habit.Reverts : AwkwardCash.Habit.None
        );
    }

    /// @notice Pays a payee what was booked for it, if it can be reached.
    function withdrawPayee(uint256 seed, uint8 payee) external {
        uint64 dealId = _deal(seed);
        payee %= 3;
        if (cash.habitOf(payees[dealId][payee]) != AwkwardCash.Habit.None) return;
        if (distributor.payeeOwed(dealId, payee) != 0) distributor.withdrawPayee(dealId, payee);
    }

    function _warpTo(uint256 time) private {
        if (block.timestamp < time) VM.warp(time);
    }

    // ------------------------------------------------------------------ what is counted

    /// @notice What the ledger says it holds for a deal, in units.
    function heldUnits(uint64 dealId) public view returns (uint256) {
        (uint256 a, uint256 b, uint256 units, uint256 c, uint256 d) = distributor.cashOf(dealId);
        return (a + b + c + d) * UNITS_PER_CENT + units;
    }

    /// @notice What a deal's payees have received, in units.
    function payeeUnits(uint64 dealId) public view returns (uint256 units) {
        for (uint256 i = 0; i < 3; i++) units += cash.balanceOf(payees[dealId][i]);
    }

    /// @notice What the holders could claim of a deal, in units.
    function entitledUnits(uint64 dealId) public view returns (uint256 units) {
        for (uint256 i = 0; i < 9; i++) {
            (uint256 a, uint256 b) = tokens[dealId][i / 3].entitlementOf(holders[i % 3]);
            units += a + b;
        }
    }

    /// @notice What is escrowed for the holders of a deal, in units.
    function unclaimedUnits(uint64 dealId) public view returns (uint256 units) {
        (, , units, , ) = distributor.cashOf(dealId);
    }
}

/// @title What holds whatever anybody does, in any order, over two deals.
contract DistributorInvariantsTest {
    DistributorHandler private handler;

    function setUp() public {
        handler = new DistributorHandler();
    }

    /// @notice What the fuzzer calls.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev The handler does what it says: a period runs, late too, and its holders are paid.
    function test_theHandlerDistributes() public {
        handler.publish(0, 1_000_000, 500_000, 5, 3);
        handler.fund(0, 500_000);
        handler.setPayeeHabit(0, 1, true);
        handler.distribute(0, 1);
        handler.claimEverything(0);
        handler.publish(0, 0, 700_000, 0, 0);
        handler.fund(0, 700_000);
        handler.distribute(0, 4);
        VM.assertEq(handler.runs(), 2);
        VM.assertGt(handler.claimedUnits(1), 0);
        VM.assertGt(handler.payeeUnits(1), 0);
    }

    /// @dev [C4] [C15] [U3] What the deals' ledgers hold is what the contract holds, donations apart.
    function invariant_ledgersSumToTheCash() public view {
        uint256 held = handler.donatedUnits();
        for (uint64 deal = 1; deal <= handler.DEALS(); deal++) held += handler.heldUnits(deal);
        VM.assertEq(held, handler.cash().balanceOf(address(handler.distributor())));
    }

    /// @dev [W3] [C1] [U3] Each deal's cash in = cash held + claims + payees, by deal.
    function invariant_everyDealKeepsItsOwnCash() public view {
        for (uint64 deal = 1; deal <= handler.DEALS(); deal++) {
            VM.assertEq(
                handler.fundedUnits(deal),
                handler.heldUnits(deal) + handler.claimedUnits(deal) + handler.payeeUnits(deal)
            );
        }
    }

    /// @dev [C1] [C2] The holders are never owed more than is escrowed for them.
    function invariant_entitlementsAreEscrowed() public view {
        for (uint64 deal = 1; deal <= handler.DEALS(); deal++) {
            VM.assertLe(handler.entitledUnits(deal), handler.unclaimedUnits(deal));
        }
    }
}
