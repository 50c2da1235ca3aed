// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "../../../contracts/waterfall/MemoryWords.sol";
import {WaterfallSplit} from "../../../contracts/waterfall/WaterfallSplit.sol";
import {VM} from "../Vm.sol";

/// @title Laws of the split over random demands and weights.
contract SplitLawsTest {
    using MemoryWords for uint256;

    uint256 private constant COUNT = 8;

    function column(uint64[COUNT] memory values) private pure returns (uint256 place) {
        place = MemoryWords.allocate(COUNT);
        for (uint256 i = 0; i < COUNT; i++) (place + i * 32).put(values[i]);
    }

    function pays(
        uint256 cash,
        uint64[COUNT] memory demands,
        uint64[COUNT] memory weights,
        uint256 rounding
    ) private pure returns (uint256[COUNT] memory paid) {
        WaterfallSplit.Split memory s = WaterfallSplit.Split(
            cash,
            column(demands),
            column(weights),
            MemoryWords.allocate(COUNT),
            COUNT,
            rounding
        );
        WaterfallSplit.split(s);
        for (uint256 i = 0; i < COUNT; i++) paid[i] = (s.pays + i * 32).word();
    }

    /// @dev [W3] The parts sum to the whole, nobody gets more than its demand, nor anything without a
    /// weight.
    function testFuzz_partsSumToTheWhole(
        uint64 cash,
        uint64[COUNT] memory demands,
        uint64[COUNT] memory weights,
        uint8 zeros,
        uint8 mode
    ) public pure {
        uint256 live = 0;
        for (uint256 i = 0; i < COUNT; i++) {
            if ((zeros >> i) & 1 != 0) weights[i] = 0;
            if (weights[i] != 0) live += demands[i];
        }
        // Small amounts too: there every cent of rounding counts.
        if (mode & 128 != 0) cash %= 100;
        uint256[COUNT] memory paid = pays(cash, demands, weights, 1 + (mode % 3));
        uint256 sum = 0;
        for (uint256 i = 0; i < COUNT; i++) {
            sum += paid[i];
            VM.assertLe(paid[i], demands[i]);
            if (weights[i] == 0) VM.assertEq(paid[i], 0);
        }
        VM.assertEq(sum, cash < live ? cash : live);
    }

    /// @dev Shared by demand, each part is within a cent of its exact share.
    function testFuzz_shareByDemandIsWithinACent(
        uint64 cash,
        uint64[COUNT] memory demands
    ) public pure {
        uint256 total = 0;
        for (uint256 i = 0; i < COUNT; i++) total += demands[i];
        VM.assume(total > cash);
        uint256[COUNT] memory paid = pays(cash, demands, demands, 1);
        for (uint256 i = 0; i < COUNT; i++) {
            uint256 exact = uint256(cash) * demands[i];
            VM.assertLt(paid[i] * total, exact + total);
            VM.assertLt(exact, (paid[i] + 1) * total);
        }
    }
}
