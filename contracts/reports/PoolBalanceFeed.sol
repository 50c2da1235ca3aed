// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";

/// @title The attested pool balance of one deal as a Chainlink-shaped data feed.
/// @notice The answer is the closing pool balance of a period in the deal's currency with 2 decimals (cents); the round is
///  the period. Only what is final is answered: a report after its challenge window, and a restated balance after that of the
///  restatement, which changes its round's answer and raises updatedAt. The balance is as old as the reporting cycle: a
///  reader sets the maximum age to the cycle plus grace.
contract PoolBalanceFeed is AggregatorV3Interface {
    /// @notice Where the accepted reports are.
    IReportRegistry public immutable reports;
    /// @notice The deal whose pool this is.
    uint64 public immutable dealId;

    /// @notice No report is final for this round (0: for any). "Never set" is not zero.
    error NoReport(uint80 roundId);

    constructor(IReportRegistry reports_, uint64 dealId_) {
        reports = reports_;
        dealId = dealId_;
    }

    /// @inheritdoc AggregatorV3Interface
    function decimals() external pure returns (uint8) {
        return 2;
    }

    /// @inheritdoc AggregatorV3Interface
    function description() external view returns (string memory) {
        return string.concat("Penstock pool balance, deal ", Strings.toString(dealId));
    }

    /// @inheritdoc AggregatorV3Interface
    function version() external pure returns (uint256) {
        return 1;
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData()
        external
        view
        returns (
            uint80 roundId,
            int256 answer,
            uint256 startedAt,
            uint256 updatedAt,
            uint80 answeredInRound
        )
    {
        try reports.poolBalance(dealId) returns (uint16 period, uint64 balance, uint40 at) {
            return _round(period, balance, at);
        } catch {
            revert NoReport(0);
        }
    }

    /// @inheritdoc AggregatorV3Interface
    /// @param _roundId the period
    function getRoundData(
        uint80 _roundId
    )
        external
        view
        returns (
            uint80 roundId,
            int256 answer,
            uint256 startedAt,
            uint256 updatedAt,
            uint80 answeredInRound
        )
    {
        require(_roundId <= type(uint16).max, NoReport(_roundId));
        uint16 period = uint16(_roundId);
        try reports.poolBalanceAt(dealId, period) returns (uint64 balance, uint40 at) {
            return _round(period, balance, at);
        } catch {
            revert NoReport(_roundId);
        }
    }

    function _round(
        uint80 period,
        uint256 balance,
        uint256 at
    ) private pure returns (uint80, int256, uint256, uint256, uint80) {
        return (period, int256(balance), at, at, period);
    }
}
