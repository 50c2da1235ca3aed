// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SystemHandler} from "./SystemHandler.sol";
import {VM} from "../Vm.sol";

/// @title All that the fuzzer may call.
contract SystemDriver {
    SystemHandler private immutable HANDLER;

    constructor(SystemHandler handler) {
        HANDLER = handler;
    }

    /// @notice One random action.
    function act(uint256 seed) external {
        HANDLER.act(seed);
    }
}

/// @title What holds whatever anybody does, in any order, over four deals of the whole platform.
contract SystemInvariantsTest {
    SystemHandler private handler;
    SystemDriver private driver;

    function setUp() public {
        handler = new SystemHandler(uint256(keccak256("calendars")));
        driver = new SystemDriver(handler);
    }

    /// @notice What the fuzzer calls.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(driver);
    }

    /// hardhat-config: invariant.runs = 6
    /// hardhat-config: invariant.depth = 60
    function invariant_W3_C1_C15_U3_everyDealKeepsItsOwnCash() public view {
        handler.checkConservation();
    }

    /// hardhat-config: invariant.runs = 6
    /// hardhat-config: invariant.depth = 60
    function invariant_C1_C2_C8_C10_escrowIsWhatIsOwed() public view {
        handler.checkEscrow();
    }

    /// hardhat-config: invariant.runs = 6
    /// hardhat-config: invariant.depth = 60
    function invariant_C2_C3_C4_C6_C7_C9_holdersAreOwedWhatTheModelOwes() public view {
        handler.checkModel();
    }

    /// hardhat-config: invariant.runs = 6
    /// hardhat-config: invariant.depth = 60
    function invariant_K1_C16_identitiesSumToTheSupply() public view {
        handler.checkBooks();
    }

    /// hardhat-config: invariant.runs = 6
    /// hardhat-config: invariant.depth = 60
    function invariant_T3_R3_W1_onlyRunsMakeHistory() public view {
        handler.checkHistory();
    }

    /// hardhat-config: invariant.runs = 6
    /// hardhat-config: invariant.depth = 60
    function invariant_K1_canTransferIsTransfer() public {
        handler.probeTransfers(block.timestamp);
    }

    /// @dev [C1] Whatever has happened: in the end everybody is paid, and what is left is dust.
    function afterInvariant() public {
        handler.payEverybody();
        handler.checkConservation();
        handler.checkEscrow();
        handler.checkModel();
    }

    /// @notice The same laws on walks over other calendars, and proof that the actions are not all refused.
    /// @dev `SYSTEM_WALKS` walks of `SYSTEM_ACTS` actions from `SYSTEM_SEED` on.
    function test_walksOverRandomCalendars() public {
        uint256 walks = VM.envOr("SYSTEM_WALKS", uint256(4));
        uint256 acts = VM.envOr("SYSTEM_ACTS", uint256(400));
        uint256 seed = VM.envOr("SYSTEM_SEED", uint256(1));
        uint256[] memory passed = new uint256[](handler.ACTIONS());
        uint256[] memory refused = new uint256[](passed.length);
        uint256[2] memory others;
        for (uint256 walk = 0; walk < walks; walk++) {
            seed = uint256(keccak256(abi.encode(seed)));
            SystemHandler own = new SystemHandler(seed);
            _walk(own, seed, acts);
            for (uint256 i = 0; i < passed.length; i++) {
                passed[i] += own.passed(i);
                refused[i] += own.refused(i);
            }
            others[0] += own.lateRuns();
            others[1] += own.probes();
        }
        _report(passed, refused, others);
    }

    function _walk(SystemHandler own, uint256 seed, uint256 acts) private {
        for (uint256 i = 1; i <= acts; i++) {
            own.act(uint256(keccak256(abi.encode(seed, i))));
            if (i % 10 == 0) _checkAll(own, seed + i);
        }
        own.payEverybody();
        _checkAll(own, seed);
    }

    function _checkAll(SystemHandler own, uint256 seed) private {
        own.checkConservation();
        own.checkEscrow();
        own.checkModel();
        own.checkBooks();
        own.checkHistory();
        own.probeTransfers(seed);
    }

    /// @dev Prints what was done, and fails when something never was.
    function _report(
        uint256[] memory passed,
        uint256[] memory refused,
        uint256[2] memory others
    ) private view {
        string[37] memory names = [
            "transfer",
            "transferFrom",
            "approve",
            "permit",
            "batchTransfer",
            "force",
            "freeze wallet",
            "freeze face",
            "freeze identity",
            "recover",
            "pause",
            "link",
            "unlink",
            "attest",
            "revoke",
            "requirements",
            "country",
            "lock-up",
            "venue",
            "exempt",
            "fund",
            "report",
            "replace report",
            "distribute",
            "claim",
            "claim batch",
            "claim to",
            "withdraw payee",
            "block receiver",
            "stray",
            "return stray",
            "advance",
            "challenge",
            "answer",
            "declare late",
            "pause reports",
            "back door"
        ];
        for (uint256 i = 0; i < passed.length; i++) {
            _log("%s: %s done, %s refused", names[i], passed[i], refused[i]);
        }
        _log("%s: %s runs, %s probes of transfers", "late", others[0], others[1]);
        for (uint256 i = 0; i < passed.length; i++) {
            // The last one is a back door, which nobody has opened.
            bool isDone = i + 1 < passed.length;
            VM.assertGe(isDone ? passed[i] : refused[i], 1, names[i]);
        }
        VM.assertGe(others[0], 1, "late runs");
    }

    /// @dev The console of the test runner.
    function _log(
        string memory text,
        string memory name,
        uint256 first,
        uint256 second
    ) private view {
        bytes memory call = abi.encodeWithSignature(
            "log(string,string,uint256,uint256)",
            text,
            name,
            first,
            second
        );
        (bool done, ) = address(0x000000000000000000636F6e736F6c652e6c6f67).staticcall(call);
        require(done, "console");
    }
}
