// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A test stablecoin with 6 decimals that anyone may mint.
/// @notice For the embedded chain and the tests only.
contract MockStablecoin is ERC20 {
    constructor() ERC20("Test Dollar", "tUSD") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @notice Mints `units` (1e-6 dollars) to `account`.
    function mint(address account, uint256 units) external {
        _mint(account, units);
    }
}
