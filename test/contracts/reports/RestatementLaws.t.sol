// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {IReportRegistry} from "../../../contracts/interfaces/IReportRegistry.sol";
import {IReportViews} from "../../../contracts/interfaces/IReportViews.sol";
import {ReportRegistry} from "../../../contracts/reports/ReportRegistry.sol";
import {VM} from "../Vm.sol";

/// @notice Whatever is restated and when: over a deal's life the runs are given, flow by flow, exactly what the versions that
///  stand in the end say, but for what is still to be taken off; no run gets less than nothing.
contract RestatementLawsTest {
    uint256 private constant FIGURES = 6;
    uint256 private constant PERIODS = 6;
    uint64 private constant POOL = 1_000_000;
    uint40 private constant START = 2_000_000_000;
    uint256 private constant KEY = 0xA11CE;
    uint40 private constant WINDOW = 1 days;

    ReportRegistry private registry;
    address private dealCode = address(0xDEA1);
    bytes32 private termsHash;

    /// @dev The version that stands of each period, and what the runs were given by flow.
    mapping(uint256 period => IReportRegistry.Report) private standing;
    int256[6] private given;

    function setUp() public {
        AccessManager manager = new AccessManager(address(this));
        bytes memory call = abi.encodeCall(ReportRegistry.initialize, (address(manager)));
        address implementation = address(new ReportRegistry(address(this), address(this)));
        registry = ReportRegistry(address(new ERC1967Proxy(implementation, call)));
        bytes memory terms = _terms();
        termsHash = keccak256(terms);
        VM.etch(dealCode, bytes.concat(hex"00", terms, bytes20(0), bytes20(address(this))));
        address[] memory attesters = new address[](1);
        attesters[0] = VM.addr(KEY);
        registry.registerDeal(
            1,
            dealCode,
            IReportViews.Attestation(attesters, 1, new address[](0), 0)
        );
        VM.warp(START);
    }

    /// @notice Every period is run; before each run a period before it may be restated, and the restatement be rejected.
    function testFuzz_runsAreGivenWhatStandsInTheEnd(
        uint64[6] memory funds,
        int64[6] memory flows,
        uint64[6] memory restatedFunds,
        int64[6] memory restatedFlows,
        uint8[6] memory choices
    ) public {
        for (uint16 period = 1; period <= PERIODS; ++period) {
            VM.warp(START + uint256(period) * 30 days);
            uint16 back = choices[period - 1] % 4;
            if (back != 0 && back < period) {
                _restate(
                    period - back,
                    restatedFunds[period - 1],
                    restatedFlows[period - 1],
                    choices[period - 1] >= 128
                );
            }
            _run(period, funds[period - 1], flows[period - 1]);
        }
        int256[] memory rest = registry.differencesOf(1);
        for (uint256 i = 3; i < FIGURES; ++i) {
            int256 stated = 0;
            for (uint256 period = 1; period <= PERIODS; ++period) {
                stated += standing[period].figures[i];
            }
            VM.assertEq(given[i] + rest[i], stated, "what was given is what stands");
            if (i != 3) VM.assertEq(rest[i], 0, "only funds are cut");
        }
        VM.assertTrue(rest[3] <= 0, "only what is to be taken off waits");
    }

    function _run(uint16 period, uint64 funds, int64 flow) private {
        IReportRegistry.Report memory report = _report(period, 1, funds, flow);
        (address[] memory signers, bytes[] memory signatures) = _sign(report);
        registry.publishReport(report, signers, signatures);
        VM.warp(block.timestamp + WINDOW);
        uint256 usable = registry.usableFunds(report);
        (, bool carries) = registry.useReport(report);
        int256[] memory more = new int256[](FIGURES);
        uint256 reported = uint256(report.figures[3]);
        if (carries) more = registry.takeDifferences(1, period, reported);
        VM.assertTrue(report.figures[3] + more[3] >= 0, "never less than nothing");
        VM.assertEq(usable, uint256(report.figures[3] + more[3]), "as foretold");
        for (uint256 i = 0; i < FIGURES; ++i) {
            if (i < 3) VM.assertEq(more[i], 0, "no flow");
            given[i] += report.figures[i] + more[i];
        }
        standing[period] = report;
    }

    function _restate(uint16 period, uint64 funds, int64 flow, bool isRejected) private {
        IReportRegistry.Report memory previous = standing[period];
        uint16 version = registry.nextVersion(1, period);
        IReportRegistry.Report memory restated = _report(period, version, funds, flow);
        (address[] memory signers, bytes[] memory signatures) = _sign(restated);
        registry.restateReport(previous, restated, signers, signatures);
        if (isRejected) {
            registry.challengeReport(1, period, version, keccak256("why"));
            VM.assertEq(registry.nextVersion(1, period), version + 1, "a version is spent");
        } else {
            standing[period] = restated;
        }
    }

    /// @dev The pool never changes: this is about flows.
    function _report(
        uint16 period,
        uint16 version,
        uint64 funds,
        int64 flow
    ) private view returns (IReportRegistry.Report memory report) {
        report.dealId = 1;
        (report.period, report.version, report.termsHash) = (period, version, termsHash);
        report.figures = new int256[](FIGURES);
        report.figures[0] = report.figures[1] = int256(uint256(POOL));
        report.figures[3] = int256(uint256(funds >> 1));
        report.figures[4] = flow;
        report.figures[5] = ~int256(flow);
    }

    function _sign(
        IReportRegistry.Report memory report
    ) private view returns (address[] memory signers, bytes[] memory signatures) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(KEY, registry.reportDigest(report));
        (signers, signatures) = (new address[](1), new bytes[](1));
        (signers[0], signatures[0]) = (VM.addr(KEY), abi.encodePacked(r, s, v));
    }

    /// @dev Only what the registry reads: header, figures, calendar, rules of reporting. Of no class; the one payee, behind the
    ///  place of the cash token, is the trustee.
    function _terms() private pure returns (bytes memory) {
        bytes memory figures;
        for (uint256 i = 0; i < FIGURES; ++i) {
            bytes8 least = bytes8(uint64(i < 4 ? int64(0) : type(int64).min));
            bytes8 most = bytes8(uint64(type(int64).max));
            figures = bytes.concat(
                figures,
                least,
                most,
                bytes2(0),
                bytes1(i < 3 ? 0 : 1),
                bytes5(0)
            );
        }
        bytes memory calendar;
        for (uint256 i = 0; i < PERIODS; ++i) {
            uint40 determination = START + uint40(i) * 30 days;
            calendar = bytes.concat(calendar, bytes5(determination), bytes5(0));
            calendar = bytes.concat(calendar, bytes5(determination + 10 days), bytes13(0));
        }
        bytes memory reporting = bytes.concat(
            hex"00000000ffffffff",
            bytes4(uint32(WINDOW)),
            bytes4(uint32(WINDOW)),
            hex"ffffff0000000000"
        );
        uint16 calendarOff = uint16(96 + figures.length);
        uint16 reportingOff = calendarOff + uint16(calendar.length);
        uint16 length = reportingOff + uint16(reporting.length);
        bytes memory header = bytes.concat(
            hex"020001000100060001000100ff06011c",
            bytes2(uint16(PERIODS)),
            bytes8(0),
            bytes2(uint16(96)),
            bytes12(0),
            bytes2(calendarOff)
        );
        return
            bytes.concat(
                bytes.concat(header, bytes2(0), bytes2(length), bytes18(0), bytes8(POOL)),
                bytes.concat(bytes20(0), bytes2(reportingOff), bytes2(0)),
                figures,
                calendar,
                reporting
            );
    }
}
