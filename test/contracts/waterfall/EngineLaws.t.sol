// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EngineHarness} from "../../../contracts/mocks/EngineHarness.sol";
import {WaterfallEngine} from "../../../contracts/waterfall/WaterfallEngine.sol";
import {DealLedgers} from "../../../contracts/waterfall/DealLedger.sol";
import {MemoryWords} from "../../../contracts/waterfall/MemoryWords.sol";
import {FuzzTerms} from "./FuzzTerms.sol";
import {VM} from "../Vm.sol";

/// @title Laws of a run over random states and figures: the engine never stops and loses no cent.
contract EngineLawsTest {
    EngineHarness private harness;
    address private code;

    struct State {
        uint48[3] balances;
        uint40[3] shortfalls;
        uint32[3] onShortfall;
        uint40[3] writtens;
        uint48[2] accounts;
        uint40[2] feesUnpaid;
        uint16 capUsed;
        uint8 period;
        bool second;
    }

    function setUp() public {
        harness = new EngineHarness(new WaterfallEngine());
        code = FuzzTerms.deploy(new address[](7));
    }

    function given(
        State memory s,
        int64[7] memory figures
    ) private view returns (EngineHarness.Given memory g) {
        (g.code, g.dealId, g.phase) = (code, 7, s.second ? 1 : 0);
        g.period = uint16(1 + (s.period % FuzzTerms.PERIODS));
        g.classWords = new uint256[](3);
        for (uint256 i = 0; i < 3; i++) {
            g.classWords[i] =
                (uint256(s.balances[i]) << 192) |
                (uint256(s.shortfalls[i]) << 128) |
                (uint256(s.onShortfall[i]) << 64) |
                s.writtens[i];
        }
        g.laneWords = new uint256[](2);
        g.laneWords[0] =
            (uint256(s.accounts[0]) << 192) |
            (uint256(s.accounts[1]) << 128) |
            (uint256(s.feesUnpaid[0]) << 64) |
            s.feesUnpaid[1];
        g.laneWords[1] = uint256(s.capUsed) << 192;
        g.figures = new int256[](7);
        for (uint256 i = 0; i < 7; i++) g.figures[i] = figures[i];
        // The registry accepts no negative funds, and nobody holds 2^62 cents.
        g.figures[3] = int256(uint256(uint64(figures[3])) >> 3);
    }

    /// @dev [W3] [F2] [L1] Cash in = fees + class cash + change of the accounts, to the cent; no claim
    /// and no balance is overpaid; nothing reverts.
    function testFuzz_runConservesCash(State memory s, int64[7] memory figures) public view {
        EngineHarness.Given memory g = given(s, figures);
        uint256[] memory words = harness.run(g);
        uint256 classes = 1 + uint8(words[0] >> 208);
        uint256 first = MemoryWords.positionOf(words) + 32;
        uint256 cashIn = uint256(s.accounts[0]) + s.accounts[1] + uint256(g.figures[3]);
        uint256 cashOut =
            DealLedgers.sumLanes(first + 32 * (classes + 3), 2) +
                DealLedgers.sumLanes(first + 32 * (classes + 8), 3);
        for (uint256 i = 0; i < 3; i++) {
            uint256 result = words[classes + 5 + i];
            uint256 principal = uint64(result >> 64);
            cashOut += uint64(result >> 128) + principal;
            VM.assertLe(uint64(result >> 128), result >> 192, "interest above the claim");
            uint256 owned = uint256(s.balances[i]) + s.writtens[i];
            uint256 state = words[classes + i];
            VM.assertEq((state >> 192) + uint64(state) + principal, owned, "principal lost");
            uint256 unpaid = uint256(uint64(state >> 128)) + uint64(state >> 64);
            VM.assertEq(unpaid + uint64(result >> 128), result >> 192, "claim lost");
        }
        VM.assertEq(cashIn, cashOut, "cash lost");
        VM.assertEq(words.length, classes + 9);
    }

    /// @dev [W2] [R6] A run is a function of its inputs alone.
    function testFuzz_runIsDeterministic(State memory s, int64[7] memory figures) public {
        EngineHarness.Given memory g = given(s, figures);
        uint256[] memory first = harness.run(g);
        VM.warp(block.timestamp + 400 days);
        uint256[] memory second = harness.run(g);
        VM.assertEq(keccak256(abi.encode(first)), keccak256(abi.encode(second)), "same words");
    }

    /// @dev The cost of a run is bounded by its program, whatever the state.
    function testFuzz_runCostIsBounded(State memory s, int64[7] memory figures) public view {
        VM.assertLt(harness.gasOf(given(s, figures)), 170_000);
    }
}
