// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IERC1404} from "./IERC1404.sol";
import {IERC7943Fungible} from "./IERC7943.sol";

/// @title What can be read of a tranche token.
/// @dev The reading half of ITrancheToken, with the standards that the token meets.
interface ITrancheViews is IERC20Metadata, IERC20Permit, IERC7943Fungible, IERC1404, IERC6372 {
    /// @notice Transfers are paused.
    error EnforcedPause();

    /// @notice The token does not remember what stood at `timepoint`.
    error HistoryUnknown(uint48 timepoint);

    /// @notice `timepoint` lies behind the clock.
    error TimepointInFuture(uint48 timepoint, uint48 clock);

    /// @notice What the account held when the second `timepoint` began, in cents of face, where the token knows it to
    ///  the cent: at the record time of the window in which the account last changed, and at any time from the end of
    ///  that window on. Nothing else is remembered, for transfers keep no history; then it reverts with HistoryUnknown.
    ///  At a record time, a recovery moves the lost wallet's balance to the replacement.
    function balanceOfAt(address account, uint48 timepoint) external view returns (uint256);

    /// @notice The supply at a time from the first record time on, in cents of face; it never changes after that.
    function totalSupplyAt(uint48 timepoint) external view returns (uint256);

    /// @notice Principal per unit of original face, WAD, rounded down; 1e18 before anything was issued.
    function factor() external view returns (uint256);

    /// @notice The class's principal balance in cents, from the distributor's books; 0 before closing.
    function principalBalance() external view returns (uint64);

    /// @notice The principal behind an account's face, in cents, rounded down.
    function currentPrincipalOf(address account) external view returns (uint256);

    /// @notice What `collect` would give now, in cash units; a frozen account's too, though it can't collect.
    function entitlementOf(
        address account
    ) external view returns (uint256 interestUnits, uint256 principalUnits);

    /// @notice What the account is owed with its fractions, in 2^-24 cash units.
    function owedFractionsOf(
        address account
    ) external view returns (uint256 interest, uint256 principal);

    /// @notice The record window that the clock is in: how many record times have passed.
    function recordPeriod() external view returns (uint16);

    /// @notice The last period that was funded; 0 if none was.
    function lastFundedPeriod() external view returns (uint16);

    /// @notice The entry of a period; all zero if it was never funded. Of each kind, what was funded, in 2^-24 units, is
    ///  index * supply + remainder: the remainder is what does not divide by the supply, and it goes with later cash.
    /// @param interestCents interest funded since closing
    /// @param principalCents principal funded since closing
    /// @param interestIndex interest per cent of face since closing, in 2^-24 units
    /// @param principalIndex principal per cent of face since closing, in 2^-24 units
    /// @param interestRemainder what no holder is owed yet, in 2^-24 units
    /// @param principalRemainder what no holder is owed yet, in 2^-24 units
    struct IndexEntry {
        uint64 interestCents;
        uint64 principalCents;
        uint128 interestIndex;
        uint128 principalIndex;
        uint48 interestRemainder;
        uint48 principalRemainder;
    }

    /// @notice The entry of `period`. It never changes once it is there.
    function indexAt(uint16 period) external view returns (IndexEntry memory);

    /// @notice The deal that the class belongs to.
    function dealId() external view returns (uint64);

    /// @notice The class in the order of the terms.
    function classIndex() external view returns (uint8);

    /// @notice The address that carries the deal code.
    function dealCode() external view returns (address);

    /// @notice The contracts that the token is wired to.
    function links()
        external
        view
        returns (address factory, address distributor, address compliance);
}
