// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";

/// @title Splits cash over payees by weight, to the last cent.
/// @notice A payee whose share reaches its demand is filled and leaves, and the rest is split again
/// over the others (at most one round per payee). Payees with no demand or no weight get nothing.
/// The parts sum to min(cash, demands of those who take part), and no part exceeds its demand.
library WaterfallSplit {
    using MemoryWords for uint256;

    /// @notice Rounding of the last round: 1 cumulative half-up (what trustees publish), 2 floor with
    /// the rest to the first payee, 3 floor with the rest to the last.
    uint256 internal constant HALF_UP = 1;
    uint256 internal constant REST_TO_FIRST = 2;

    /// @notice One split. `demands`, `weights` and `pays` are memory positions of `count` words each;
    /// `weights` is used up, `pays` must be zero and receives the result.
    struct Split {
        uint256 cash;
        uint256 demands;
        uint256 weights;
        uint256 pays;
        uint256 count;
        uint256 rounding;
    }

    /// @notice Fills `pays`.
    function split(Split memory s) internal pure {
        (uint256 demanded, uint256 weight) = _live(s);
        if (s.cash >= demanded) {
            _payAll(s);
            return;
        }
        while (s.cash != 0 && weight != 0) {
            uint256 left = _fill(s, weight);
            if (left == weight) {
                if (s.rounding == HALF_UP) _cutHalfUp(s, weight);
                else _cutFloor(s, weight);
                return;
            }
            weight = left;
        }
    }

    /// @notice floor(cash x own / weight): the exact share in whole cents. `weight` is above zero.
    function shareOf(uint256 cash, uint256 own, uint256 weight) internal pure returns (uint256) {
        unchecked {
            return (cash * own) / weight;
        }
    }

    /// @notice Cash of those whose weights make up `sum` of `weight`, rounded half up:
    /// floor((2 x cash x sum + weight) / (2 x weight)). `weight` is above zero.
    function cutAt(uint256 cash, uint256 sum, uint256 weight) internal pure returns (uint256) {
        unchecked {
            return (2 * cash * sum + weight) / (2 * weight);
        }
    }

    /// @dev Takes the weight from payees without demand; sums demand and weight of the others.
    function _live(Split memory s) private pure returns (uint256 demanded, uint256 weight) {
        unchecked {
            for (uint256 spot = 0; spot != s.count << 5; spot += 32) {
                uint256 demand = (s.demands + spot).word();
                uint256 own = (s.weights + spot).word();
                if (demand == 0) (s.weights + spot).put(0);
                else if (own != 0) (demanded, weight) = (demanded + demand, weight + own);
            }
        }
    }

    function _payAll(Split memory s) private pure {
        unchecked {
            for (uint256 spot = 0; spot != s.count << 5; spot += 32) {
                if ((s.weights + spot).word() != 0) (s.pays + spot).put((s.demands + spot).word());
            }
        }
    }

    /// @dev One round: fills everyone whose share of the round's cash reaches its demand.
    /// @return left Weight of those who stay; equal to `weight` when nobody was filled.
    function _fill(Split memory s, uint256 weight) private pure returns (uint256 left) {
        unchecked {
            uint256 cash = s.cash;
            left = weight;
            for (uint256 spot = 0; spot != s.count << 5; spot += 32) {
                uint256 own = (s.weights + spot).word();
                if (own == 0) continue;
                uint256 demand = (s.demands + spot).word();
                // cash < 2^68 and weights are below 2^140 (at most 255 tokens on amounts below 2^127)
                if (shareOf(cash, own, weight) < demand) continue;
                (s.pays + spot).put(demand);
                (s.weights + spot).put(0);
                s.cash -= demand;
                left -= own;
            }
        }
    }

    /// @dev Each is paid the difference of the cuts before and behind it: exact in sum, within a cent of
    /// the exact share.
    function _cutHalfUp(Split memory s, uint256 weight) private pure {
        unchecked {
            uint256 cash = s.cash;
            uint256 sum = 0;
            uint256 previous = 0;
            for (uint256 spot = 0; spot != s.count << 5; spot += 32) {
                uint256 own = (s.weights + spot).word();
                if (own == 0) continue;
                sum += own;
                uint256 next = cutAt(cash, sum, weight);
                (s.pays + spot).put(next - previous);
                previous = next;
            }
        }
    }

    /// @dev Floors each share; the rest (less than a cent per payee) goes to the first or the last,
    /// and what that one cannot take to the next in the same direction.
    function _cutFloor(Split memory s, uint256 weight) private pure {
        unchecked {
            uint256 rest = s.cash;
            for (uint256 spot = 0; spot != s.count << 5; spot += 32) {
                uint256 own = (s.weights + spot).word();
                if (own == 0) continue;
                uint256 share = shareOf(s.cash, own, weight);
                (s.pays + spot).put(share);
                rest -= share;
            }
            for (uint256 i = 0; rest != 0 && i != s.count; ++i) {
                uint256 spot = (s.rounding == REST_TO_FIRST ? i : s.count - 1 - i) << 5;
                if ((s.weights + spot).word() == 0) continue;
                uint256 paid = (s.pays + spot).word();
                uint256 room = (s.demands + spot).word() - paid;
                uint256 more = rest < room ? rest : room;
                (s.pays + spot).put(paid + more);
                rest -= more;
            }
        }
    }
}
