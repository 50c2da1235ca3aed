// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WaterfallSplit} from "../../../../contracts/waterfall/WaterfallSplit.sol";

/// @title The arithmetic of a split by weight, for every cash below 2^68 and weights below 2^140.
/// @dev For the SMT checker, never deployed: what is asserted holds for all arguments that pass the requirements.
contract SplitProof {
    uint256 private constant CASH = 1 << 68;
    uint256 private constant WEIGHT = 1 << 140;

    /// @notice share <= exact share < share + 1.
    function shareIsTheFloor(uint256 cash, uint256 own, uint256 weight) external pure {
        require(cash < CASH && own < WEIGHT && weight < WEIGHT && weight != 0);
        uint256 share = WaterfallSplit.shareOf(cash, own, weight);
        assert(share * weight <= cash * own);
        assert(cash * own < (share + 1) * weight);
    }

    /// @notice Nobody's share is more than there is.
    function shareIsWithinTheCash(uint256 cash, uint256 own, uint256 weight) external pure {
        require(cash < CASH && own <= weight && weight < WEIGHT && weight != 0);
        assert(WaterfallSplit.shareOf(cash, own, weight) <= cash);
    }

    /// @notice Two floors leave at most one cent of their sum's floor: n floors leave less than n cents.
    function floorsLeaveACentAtMost(
        uint256 cash,
        uint256 one,
        uint256 other,
        uint256 weight
    ) external pure {
        require(cash < CASH && one < WEIGHT && other < WEIGHT && weight < WEIGHT && weight != 0);
        uint256 both = WaterfallSplit.shareOf(cash, one + other, weight);
        uint256 apart =
            WaterfallSplit.shareOf(cash, one, weight) + WaterfallSplit.shareOf(cash, other, weight);
        assert(apart <= both);
        assert(both <= apart + 1);
    }

    /// @notice The cuts begin at nothing and end at all of the cash.
    function cutsCoverTheCash(uint256 cash, uint256 weight) external pure {
        require(cash < CASH && weight < WEIGHT && weight != 0);
        assert(WaterfallSplit.cutAt(cash, 0, weight) == 0);
        assert(WaterfallSplit.cutAt(cash, weight, weight) == cash);
    }

    /// @notice A cut is the exact amount rounded half up: off by half a cent at most.
    function cutIsHalfUp(uint256 cash, uint256 sum, uint256 weight) external pure {
        require(cash < CASH && sum <= weight && weight < WEIGHT && weight != 0);
        uint256 cut = WaterfallSplit.cutAt(cash, sum, weight);
        assert(2 * cut * weight <= 2 * cash * sum + weight);
        assert(2 * cash * sum + weight < 2 * (cut + 1) * weight);
    }

    /// @notice A part is never negative.
    function cutsNeverFall(uint256 cash, uint256 sum, uint256 own, uint256 weight) external pure {
        require(cash < CASH && sum < WEIGHT && own < WEIGHT && weight < WEIGHT && weight != 0);
        uint256 before = WaterfallSplit.cutAt(cash, sum, weight);
        assert(before <= WaterfallSplit.cutAt(cash, sum + own, weight));
    }

    /// @notice A part is the floor of the exact share or a cent more: so it is within the demand of whoever was not filled,
    ///  whose share is below it.
    function partIsWithinTheDemand(
        uint256 cash,
        uint256 sum,
        uint256 own,
        uint256 weight,
        uint256 demand
    ) external pure {
        require(cash < CASH && sum < WEIGHT && own < WEIGHT && weight < WEIGHT && weight != 0);
        uint256 share = WaterfallSplit.shareOf(cash, own, weight);
        require(share < demand);
        uint256 part =
            WaterfallSplit.cutAt(cash, sum + own, weight) - WaterfallSplit.cutAt(cash, sum, weight);
        assert(share <= part);
        assert(part <= demand);
    }
}
