// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IWaterfallDistributor} from "../interfaces/IWaterfallDistributor.sol";

/// @title Moves cash tokens in (exactly what was asked) and out to payees (without trusting them).
library CashMoves {
    using SafeERC20 for IERC20;

    /// @notice Gas that one push to a payee may use: several times what a stablecoin's transfer costs,
    /// and little enough that a token with callbacks cannot use up the distribution.
    uint256 internal constant PUSH_GAS = 200_000;

    /// @notice Takes `units` from `from`, and reverts unless exactly that much arrived: a token that
    /// takes a fee would leave the ledger richer than the purse.
    function pull(address token, address from, uint256 units) internal {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(from, address(this), units);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received != units) revert IWaterfallDistributor.CashReceivedWrong(units, received);
    }

    /// @notice Tries to transfer `units` to `to` and tells whether it worked. A transfer that reverts,
    /// returns false or burns its gas is a failure, never a stop; what it returns is not copied
    /// beyond one word.
    function push(address token, address to, uint256 units) internal returns (bool paid) {
        bytes4 selector = IERC20.transfer.selector;
        uint256 gasBefore = gasleft();
        assembly ("memory-safe") {
            // Beyond the free memory pointer, and used up at once.
            let data := mload(0x40)
            mstore(data, selector)
            mstore(add(data, 4), to)
            mstore(add(data, 36), units)
            paid := call(PUSH_GAS, token, 0, data, 68, 0, 32)
            // The token is a contract (checked when the deal was registered), so that an empty answer
            // comes from old tokens that return nothing.
            paid := and(
                paid,
                or(iszero(returndatasize()), and(gt(returndatasize(), 31), eq(mload(0), 1)))
            )
        }
        // EIP-150 gives a call at most 63/64 of what is left: without this, a caller could make an
        // honest payee's push fail by sending too little gas.
        if (!paid && gasBefore < PUSH_GAS + PUSH_GAS / 32 + 5_000) {
            revert IWaterfallDistributor.GasShort(gasBefore, PUSH_GAS + PUSH_GAS / 32 + 5_000);
        }
    }
}
