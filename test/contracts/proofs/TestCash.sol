// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A cash token of any decimals that blocks the receivers it is told to, as stablecoins do.
contract TestCash is ERC20 {
    uint8 private immutable DECIMALS;

    mapping(address account => bool) public isBlocked;

    error Blocked(address account);

    constructor(uint8 decimals_) ERC20("Test cash", "CASH") {
        DECIMALS = decimals_;
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }

    function mint(address account, uint256 units) external {
        _mint(account, units);
    }

    function setBlocked(address account, bool blocked) external {
        isBlocked[account] = blocked;
    }

    function _update(address from, address to, uint256 units) internal override {
        if (isBlocked[to]) revert Blocked(to);
        super._update(from, to, units);
    }
}
