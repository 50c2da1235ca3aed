// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ICredentials} from "../interfaces/ICredentials.sol";
import {IVenue} from "../interfaces/IVenue.sol";

/// @title A wrapper as anybody could write one: its own freely traded token, one for each cent of face that it holds.
/// @dev It asks no permission of anybody. What it holds for an identity it knows of the wallets that have deposited.
contract MockWrapper is ERC20, IVenue {
    IERC20 private immutable NOTES;
    ICredentials private immutable REGISTRY;

    mapping(bytes32 identityId => address[]) private depositors;

    constructor(address notes, address registry) ERC20("Wrapped notes", "WN") {
        (NOTES, REGISTRY) = (IERC20(notes), ICredentials(registry));
    }

    /// @notice Takes notes and gives as many of its own tokens.
    function deposit(uint256 face) external {
        NOTES.transferFrom(msg.sender, address(this), face);
        _mint(msg.sender, face);
        _know(msg.sender);
    }

    /// @notice Gives notes back for its own tokens, to any address.
    function withdrawTo(address to, uint256 face) external {
        _burn(msg.sender, face);
        NOTES.transfer(to, face);
    }

    /// @inheritdoc IVenue
    function beneficialFaceOf(
        address token,
        bytes32 identityId
    ) external view returns (uint256 face) {
        if (token != address(NOTES)) return 0;
        address[] storage wallets = depositors[identityId];
        for (uint256 i = 0; i < wallets.length; i++) face += balanceOf(wallets[i]);
    }

    function _know(address wallet) private {
        address[] storage wallets = depositors[REGISTRY.identityOf(wallet)];
        for (uint256 i = 0; i < wallets.length; i++) if (wallets[i] == wallet) return;
        wallets.push(wallet);
    }
}
