// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A cash token with the bad habits of real ones, switched on by recipient. For tests only.
contract AwkwardCash is ERC20 {
    enum Habit {
        None,
        Reverts,
        ReturnsFalse,
        BurnsGas,
        ReturnsMuch,
        TakesFee,
        CallsBack
    }

    mapping(address recipient => Habit) public habitOf;
    address public callTarget;
    bytes public callData;

    /// @notice What the last call back came to: 0 none, 1 failed, 2 succeeded.
    uint256 public lastCallBack;

    constructor() ERC20("Awkward Dollar", "AWK") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @notice Mints `units` to `account`.
    function mint(address account, uint256 units) external {
        _mint(account, units);
    }

    /// @notice How transfers to `recipient` go from now on.
    function setHabit(address recipient, Habit habit) external {
        habitOf[recipient] = habit;
    }

    /// @notice What a transfer to a recipient that calls back calls.
    function setCallBack(address target, bytes calldata data) external {
        (callTarget, callData) = (target, data);
    }

    function transfer(address to, uint256 units) public override returns (bool) {
        Habit habit = habitOf[to];
        if (habit == Habit.Reverts) revert ERC20InvalidReceiver(to);
        if (habit == Habit.ReturnsFalse) return false;
        if (habit == Habit.BurnsGas) while (true) lastCallBack = 0;
        if (habit == Habit.ReturnsMuch) {
            assembly ("memory-safe") {
                return(0, 50000)
            }
        }
        if (habit == Habit.CallsBack) {
            (bool done, ) = callTarget.call(callData);
            lastCallBack = done ? 2 : 1;
        }
        return super.transfer(to, units);
    }

    function transferFrom(address from, address to, uint256 units) public override returns (bool) {
        if (habitOf[to] == Habit.TakesFee) _burn(from, units / 100);
        return
            super.transferFrom(
                from,
                to,
                habitOf[to] == Habit.TakesFee ? units - units / 100 : units
            );
    }
}
