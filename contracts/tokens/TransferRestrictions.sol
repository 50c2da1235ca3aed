// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943.sol";
import {ITrancheViews} from "../interfaces/ITrancheViews.sol";

/// @title The errors that refuse a transfer, as the codes and words of ERC-1404.
/// @dev A contract of its own, without state, so that the words don't fill the token's code.
contract TransferRestrictions {
    /// @notice The code of an error; 255 for one that has none of its own; 0 for no error.
    function codeOf(bytes4 reason) external pure returns (uint8) {
        if (reason == 0) return 0;
        if (reason == ITrancheViews.EnforcedPause.selector) return 1;
        if (reason == IERC7943Fungible.ERC7943CannotSend.selector) return 2;
        if (reason == IERC7943Fungible.ERC7943CannotReceive.selector) return 3;
        if (reason == IERC7943Fungible.ERC7943InsufficientUnfrozenBalance.selector) return 4;
        if (reason == IComplianceRegistry.IdentityUnknown.selector) return 5;
        if (reason == IComplianceRegistry.IdentityFrozen.selector) return 6;
        if (reason == IComplianceRegistry.CredentialMissing.selector) return 7;
        if (reason == IComplianceRegistry.InvestorClassTooLow.selector) return 8;
        if (reason == IComplianceRegistry.CountryBlocked.selector) return 9;
        if (reason == IComplianceRegistry.LockedUp.selector) return 10;
        if (reason == IComplianceRegistry.HolderCapExceeded.selector) return 11;
        if (reason == IComplianceRegistry.VenueUnreadable.selector) return 12;
        return 255;
    }

    /// @notice A code in words.
    function messageOf(uint8 code) external pure returns (string memory) {
        if (code == 0) return "No restriction";
        if (code == 1) return "Transfers are paused";
        if (code == 2) return "The sender's account is frozen";
        if (code == 3) return "The receiver's account is frozen";
        if (code == 4) return "More than the sender's unfrozen balance";
        if (code == 5) return "A wallet belongs to no known identity";
        if (code == 6) return "A wallet's identity is frozen";
        if (code == 7) return "The receiver lacks a valid credential";
        if (code == 8) return "The receiver is not of the investor class required";
        if (code == 9) return "The receiver's country may not hold this class";
        if (code == 10) return "The notes are locked up against this receiver";
        if (code == 11) return "The receiver would hold more than its cap";
        if (code == 12) return "A venue does not say what it holds for the receiver";
        return "Refused";
    }
}
