// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AwkwardCash} from "./AwkwardCash.sol";

/// @title A second address under which the same cash can be moved, as some real tokens have one. For tests only.
contract SecondDoor {
    AwkwardCash private immutable _cash;

    constructor(AwkwardCash cash) {
        _cash = cash;
    }

    function transfer(address to, uint256 units) external returns (bool) {
        _cash.moveAs(msg.sender, to, units);
        return true;
    }

    function balanceOf(address account) external view returns (uint256) {
        return _cash.balanceOf(account);
    }
}
