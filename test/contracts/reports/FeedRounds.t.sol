// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MockIndexFeed} from "../../../contracts/mocks/MockIndexFeed.sol";
import {FeedRounds} from "../../../contracts/reports/FeedRounds.sol";
import {VM} from "../Vm.sol";

/// @notice Of any feed's rounds exactly one is the fixing: the last complete one in time, by a plain walk over them all.
contract FeedRoundsTest {
    uint256 private constant PHASES = 3;
    uint256 private constant ROUNDS = 5;
    uint256 private constant START = 1_000;

    /// @dev Three phases of up to five rounds: answered, carried over from an earlier round, or never answered.
    function testFuzz_exactlyOneRoundIsTheFixing(uint256 seed, uint16 time) public {
        MockIndexFeed feed = new MockIndexFeed(8);
        uint256 fixing = START + (time % 1_000);
        uint256 now_ = START;
        uint80 expected = 0;
        for (uint256 phase = 1; phase <= PHASES; ++phase) {
            uint256 rounds = 1 + (_draw(seed, phase, 0) % ROUNDS);
            for (uint256 i = 1; i <= rounds; ++i) {
                uint80 id = uint80((phase << 64) | i);
                now_ += _draw(seed, phase, i) % 150;
                uint256 kind = _draw(seed, phase, 100 + i) % 5;
                // The first round of a phase is answered, as a proxy would not switch to it before.
                if (i == 1 || kind > 1) {
                    feed.setRound(id, int256(i), now_);
                    if (now_ <= fixing) expected = id;
                } else {
                    uint256 answeredAt = kind == 0 ? 0 : now_;
                    feed.setRoundAs(id, MockIndexFeed.Round(int256(i), answeredAt, id - 1));
                }
            }
        }
        for (uint256 phase = 0; phase <= PHASES + 1; ++phase) {
            for (uint256 i = 0; i <= ROUNDS + 1; ++i) {
                uint80 id = uint80((phase << 64) | i);
                VM.assertEq(_isFixing(feed, id, fixing), id == expected && id != 0, "one fixing");
            }
        }
    }

    /// @notice External, so that a refusal can be caught.
    function requireLast(
        MockIndexFeed feed,
        uint80 roundId,
        uint256 time
    ) external view returns (uint256 updatedAt) {
        (, updatedAt) = FeedRounds.requireLast(feed, roundId, time);
    }

    function _isFixing(
        MockIndexFeed feed,
        uint80 roundId,
        uint256 time
    ) private view returns (bool) {
        try this.requireLast(feed, roundId, time) returns (uint256) {
            return true;
        } catch {
            return false;
        }
    }

    function _draw(uint256 seed, uint256 phase, uint256 place) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, phase, place)));
    }
}
