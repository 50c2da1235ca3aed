// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";

/// @title An index feed whose rounds the test sets, in any phase, complete or not.
/// @notice For the tests and the embedded chain only: anyone may set a round.
contract MockIndexFeed is AggregatorV3Interface {
    struct Round {
        int256 answer;
        uint256 updatedAt;
        uint80 answeredInRound;
    }

    /// @inheritdoc AggregatorV3Interface
    uint8 public decimals;

    /// @notice Whether every question is refused.
    bool public isDown;

    uint80 private _latest;
    mapping(uint80 roundId => Round) private _rounds;

    /// @notice No such round, as Chainlink's aggregators answer it.
    error NoData(uint80 roundId);
    /// @notice The feed is down.
    error Down();

    modifier whileUp() {
        require(!isDown, Down());
        _;
    }

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    /// @notice Answers a round; it becomes the latest one.
    /// @param updatedAt unix seconds; 0: never answered
    function setRound(uint80 roundId, int256 answer, uint256 updatedAt) external {
        setRoundAs(roundId, Round(answer, updatedAt, roundId));
    }

    /// @notice Takes the feed down, or up again.
    function setDown(bool down) external {
        isDown = down;
    }

    /// @notice Changes the decimals, as no feed should.
    function setDecimals(uint8 decimals_) external {
        decimals = decimals_;
    }

    /// @inheritdoc AggregatorV3Interface
    function description() external pure returns (string memory) {
        return "Test index";
    }

    /// @inheritdoc AggregatorV3Interface
    function version() external pure returns (uint256) {
        return 1;
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData()
        external
        view
        whileUp
        returns (
            uint80 roundId,
            int256 answer,
            uint256 startedAt,
            uint256 updatedAt,
            uint80 answeredInRound
        )
    {
        return _roundOf(_latest);
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(
        uint80 _roundId
    )
        external
        view
        whileUp
        returns (
            uint80 roundId,
            int256 answer,
            uint256 startedAt,
            uint256 updatedAt,
            uint80 answeredInRound
        )
    {
        return _roundOf(_roundId);
    }

    /// @notice Answers a round in every particular: one that timed out carries the answer of an earlier one.
    function setRoundAs(uint80 roundId, Round memory round) public {
        _rounds[roundId] = round;
        _latest = roundId;
    }

    function _roundOf(
        uint80 roundId
    ) private view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory round = _rounds[roundId];
        require(round.answeredInRound != 0, NoData(roundId));
        return (roundId, round.answer, round.updatedAt, round.updatedAt, round.answeredInRound);
    }
}
