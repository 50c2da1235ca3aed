// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {IReportRegistry} from "../../../contracts/interfaces/IReportRegistry.sol";
import {IReportViews} from "../../../contracts/interfaces/IReportViews.sol";
import {ReportRegistry} from "../../../contracts/reports/ReportRegistry.sol";
import {VM} from "../Vm.sol";

/// @notice A report is accepted when, and only when, a second and independent reading of the rules says so.
contract ReportAcceptanceTest {
    uint256 private constant FIGURES = 6;
    uint64 private constant CUT_OFF = 1_000_000;
    uint40 private constant DETERMINATION = 2_000_000_000;
    uint16 private constant PERIODS = 3;

    ReportRegistry private registry;
    address private dealCode = address(0xDEA1);
    bytes32 private termsHash;
    uint256[3] private keys = [uint256(0xA11CE), 0xB0B, 0xCA401];
    int64[6] private minima = [int64(0), 0, 0, 0, -500, type(int64).min];
    int64[6] private maxima = [int64(2_000_000), 2_000_000, 1_000, 900_000, 500, type(int64).max];

    function setUp() public {
        AccessManager manager = new AccessManager(address(this));
        bytes memory call = abi.encodeCall(ReportRegistry.initialize, (address(manager)));
        registry = ReportRegistry(
            address(
                new ERC1967Proxy(address(new ReportRegistry(address(this), address(this))), call)
            )
        );
        bytes memory terms = _terms();
        termsHash = keccak256(terms);
        VM.etch(dealCode, bytes.concat(hex"00", terms));
        _sortKeys();
        address[] memory attesters = new address[](3);
        for (uint256 i = 0; i < 3; ++i) attesters[i] = VM.addr(keys[i]);
        registry.registerDeal(
            1,
            dealCode,
            IReportViews.Attestation(attesters, 2, new address[](0), 0)
        );
        VM.warp(DETERMINATION);
    }

    /// @notice Any six figures: accepted exactly when all are inside their bounds, the pool opens at the cut-off, and the
    ///  last one is what is left of the opening less closing and the one before it.
    function testFuzz_acceptsExactlyWhatTheTermsAllow(
        int256[6] memory raw,
        uint8 near,
        int8 off
    ) public {
        IReportRegistry.Report memory report = _report(raw, near);
        if (near & 1 == 0) _tie(report.figures, int256(off) / 64);
        bool allowed = report.figures[0] == int256(uint256(CUT_OFF)) && _ties(report.figures);
        for (uint256 i = 0; i < FIGURES; ++i) {
            int256 figure = report.figures[i];
            if (figure < minima[i] || figure > maxima[i]) allowed = false;
            if (i < 4 && figure < 0) allowed = false;
        }
        bool accepted = _publish(report, 3);
        VM.assertEq(accepted, allowed, "accepted exactly what is allowed");
        if (!accepted) return;
        IReportRegistry.AcceptedReport memory kept = registry.acceptedReport(1, 1);
        VM.assertEq(int256(uint256(kept.poolClosing)), report.figures[1], "closing by its value");
        VM.assertEq(int256(uint256(kept.loanCount)), report.figures[2], "count by its value");
        VM.assertEq(
            kept.tapeCommitment,
            keccak256(abi.encode(report.tapeRoot, report.figures[2], report.figures[1])),
            "commitment binds root and sums"
        );
        (bytes32 used, bool carries) = registry.useReport(report);
        VM.assertEq(used, kept.reportHash, "what was accepted can be used");
        VM.assertFalse(carries, "nothing was restated");
    }

    /// @notice Any subset of the attesters: accepted exactly when two or more of them signed.
    function testFuzz_countsSigners(uint8 subset) public {
        subset %= 8;
        uint256 signers = (subset & 1) + ((subset >> 1) & 1) + (subset >> 2);
        VM.assertEq(_publish(_goodReport(), subset), signers >= 2, "k of n");
    }

    /// @notice Any period, version and time: only the next period's first version, from its determination time on.
    function testFuzz_keepsOrder(uint16 period, uint16 version, uint32 late) public {
        period %= 6;
        version %= 4;
        uint256 time = DETERMINATION - 100 + (late % 201);
        VM.warp(time);
        IReportRegistry.Report memory report = _goodReport();
        report.period = period;
        report.version = version;
        bool allowed = period == 1 && version == 1 && time >= DETERMINATION;
        VM.assertEq(_publish(report, 3), allowed, "first of the first, in time");
        VM.assertEq(registry.latestPeriod(1), allowed ? 1 : 0, "nothing else moves the register");
    }

    /// @notice A changed member of the report makes every signature void.
    function testFuzz_signaturesCoverEveryMember(uint8 member, bytes32 change) public {
        IReportRegistry.Report memory report = _goodReport();
        (address[] memory signers, bytes[] memory signatures) = _sign(report, 3);
        member %= 9;
        if (member == 5) report.dealId ^= uint64(uint256(change));
        else if (member == 6) report.period ^= uint16(uint256(change));
        else if (member == 7) report.version ^= uint16(uint256(change));
        else if (member == 8) report.termsHash ^= change;
        else if (member == 0) report.tapeRoot ^= change;
        else if (member == 1) report.closeHash ^= change;
        else if (member == 2) report.resultHash ^= change;
        else if (member == 3) report.figures[3] = int256(uint256(uint16(uint256(change))));
        else report.figures[4] = int256(uint256(change) % 500);
        bool same = registry.reportDigest(report) == registry.reportDigest(_goodReport());
        try registry.publishReport(report, signers, signatures) {
            VM.assertTrue(same, "only the signed report");
        } catch {
            VM.assertFalse(same, "the signed report passes");
        }
    }

    function _goodReport() private view returns (IReportRegistry.Report memory report) {
        int256[6] memory raw = [int256(uint256(CUT_OFF)), 900_000, 90, 100_000, -3, 100_003];
        return _report(raw, 0);
    }

    /// @dev Makes the identity hold, but for `off`.
    function _tie(int256[] memory figures, int256 off) private pure {
        unchecked {
            figures[5] = figures[0] - figures[1] - figures[4] + off;
        }
    }

    /// @dev Of figures inside their bounds; of others it does not matter.
    function _ties(int256[] memory figures) private pure returns (bool) {
        unchecked {
            return figures[0] - figures[1] - figures[4] - figures[5] == 0;
        }
    }

    /// @dev Bits of `near` pull a figure close to a bound, where mistakes live.
    function _report(
        int256[6] memory raw,
        uint8 near
    ) private view returns (IReportRegistry.Report memory report) {
        report.dealId = 1;
        report.period = 1;
        report.version = 1;
        report.termsHash = termsHash;
        report.tapeRoot = keccak256("root");
        report.closeHash = keccak256("close");
        report.figures = new int256[](FIGURES);
        for (uint256 i = 0; i < FIGURES; ++i) {
            int256 figure = raw[i];
            if ((near >> i) & 1 == 1) {
                figure = (figure & 1 == 0 ? int256(minima[i]) : int256(maxima[i])) + (figure % 2);
            } else if (near >> 6 != 0) {
                figure = int256(minima[i]) + int256(uint256(figure) % 1_000);
            }
            report.figures[i] = figure;
        }
        if (near >> 7 == 1) report.figures[0] = int256(uint256(CUT_OFF));
    }

    function _publish(
        IReportRegistry.Report memory report,
        uint8 subset
    ) private returns (bool accepted) {
        (address[] memory signers, bytes[] memory signatures) = _sign(report, subset);
        try registry.publishReport(report, signers, signatures) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Bit i of `subset`: attester i, in ascending order of address, signs.
    function _sign(
        IReportRegistry.Report memory report,
        uint8 subset
    ) private view returns (address[] memory signers, bytes[] memory signatures) {
        bytes32 digest = registry.reportDigest(report);
        uint256 count = (subset & 1) + ((subset >> 1) & 1) + ((subset >> 2) & 1);
        signers = new address[](count);
        signatures = new bytes[](count);
        uint256 next = 0;
        for (uint256 i = 0; i < 3; ++i) {
            if ((subset >> i) & 1 == 0) continue;
            (uint8 v, bytes32 r, bytes32 s) = VM.sign(keys[i], digest);
            signers[next] = VM.addr(keys[i]);
            signatures[next++] = abi.encodePacked(r, s, v);
        }
    }

    function _sortKeys() private {
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = i + 1; j < 3; ++j) {
                if (VM.addr(keys[i]) < VM.addr(keys[j])) continue;
                (keys[i], keys[j]) = (keys[j], keys[i]);
            }
        }
    }

    /// @dev Only what the registry reads: header, figure bounds, calendar, rules of reporting.
    function _terms() private view returns (bytes memory) {
        bytes memory bounds;
        for (uint256 i = 0; i < FIGURES; ++i) {
            bounds = bytes.concat(
                bounds,
                bytes8(uint64(minima[i])),
                bytes8(uint64(maxima[i])),
                bytes8(0)
            );
        }
        bytes memory calendar;
        for (uint256 i = 0; i < PERIODS; ++i) {
            uint40 determination = DETERMINATION + uint40(i) * 30 days;
            calendar = bytes.concat(calendar, bytes5(determination), bytes23(0));
        }
        uint16 calendarOff = uint16(96 + bounds.length);
        uint16 reportingOff = calendarOff + uint16(calendar.length);
        bytes memory reporting = bytes.concat(
            hex"00000000ffffffff0000000000000000ffffffff0001",
            hex"00000400818485"
        );
        uint16 length = reportingOff + uint16(reporting.length);
        bytes memory header = bytes.concat(
            bytes6(0x020101000100),
            bytes1(uint8(FIGURES)),
            bytes4(0x00010001),
            bytes4(0x00ff0601),
            bytes1(uint8(28)),
            bytes2(PERIODS),
            bytes8(0),
            bytes2(uint16(96)),
            bytes12(0),
            bytes2(calendarOff)
        );
        bytes memory tail = bytes.concat(
            bytes2(0),
            bytes2(length),
            bytes18(0),
            bytes8(CUT_OFF),
            bytes20(0),
            bytes2(reportingOff),
            bytes2(0)
        );
        return bytes.concat(header, tail, bounds, calendar, reporting);
    }
}
