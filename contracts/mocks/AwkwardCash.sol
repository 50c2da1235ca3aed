// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A cash token with the bad habits of real ones, switched on by recipient. For tests only.
contract AwkwardCash is ERC20 {
    /// @dev `Blocked` holds for the sender, too, as on the blocklist of a stablecoin; `TakesFee` for `transferFrom` only.
    enum Habit {
        None,
        Reverts,
        ReturnsFalse,
        BurnsGas,
        ReturnsMuch,
        TakesFee,
        CallsBack,
        ReturnsNothing,
        Blocked
    }

    mapping(address recipient => Habit) public habitOf;
    address public callTarget;
    bytes public callData;

    /// @notice What the last call back came to: 0 none, 1 failed, 2 succeeded.
    uint256 public lastCallBack;

    /// @notice The selector of the error with which the last call back failed.
    bytes4 public lastReason;

    /// @notice The account is on the blocklist.
    error AccountBlocked(address account);

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

    /// @notice What the token's second door calls.
    function moveAs(address from, address to, uint256 units) external {
        _transfer(from, to, units);
    }

    function transfer(address to, uint256 units) public override returns (bool done) {
        if (!_receives(msg.sender, to)) return false;
        done = super.transfer(to, units);
        _answer(to);
    }

    function transferFrom(
        address from,
        address to,
        uint256 units
    ) public override returns (bool done) {
        if (!_receives(from, to)) return false;
        if (habitOf[to] == Habit.TakesFee) {
            _burn(from, units / 100);
            units -= units / 100;
        }
        done = super.transferFrom(from, to, units);
        _answer(to);
    }

    /// @dev Whether the transfer is to go on; what else a recipient may do before it gets its cash.
    function _receives(address from, address to) private returns (bool) {
        Habit habit = habitOf[to];
        if (habitOf[from] == Habit.Blocked) revert AccountBlocked(from);
        if (habit == Habit.Blocked) revert AccountBlocked(to);
        if (habit == Habit.Reverts) revert ERC20InvalidReceiver(to);
        if (habit == Habit.BurnsGas) while (true) lastCallBack = 0;
        if (habit == Habit.ReturnsMuch) {
            assembly ("memory-safe") {
                return(0, 50000)
            }
        }
        if (habit == Habit.CallsBack) {
            (bool done, bytes memory reason) = callTarget.call(callData);
            (lastCallBack, lastReason) = done ? (2, bytes4(0)) : (1, bytes4(reason));
        }
        return habit != Habit.ReturnsFalse;
    }

    /// @dev Old tokens answer a transfer with nothing at all.
    function _answer(address to) private view {
        if (habitOf[to] != Habit.ReturnsNothing) return;
        assembly ("memory-safe") {
            return(0, 0)
        }
    }
}
