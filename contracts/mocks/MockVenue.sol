// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVenue} from "../interfaces/IVenue.sol";

/// @title A venue whose answers a test chooses: true, false or none at all.
contract MockVenue is IVenue {
    enum Mood {
        Answers,
        Reverts,
        BurnsGas,
        TooShort,
        TooLong,
        NoFace
    }

    /// @notice It does not answer.
    error Silent();

    Mood public mood;
    mapping(address token => mapping(bytes32 identityId => uint256)) public told;

    function setMood(Mood next) external {
        mood = next;
    }

    /// @notice What it says from now on, true or not.
    function tell(address token, bytes32 identityId, uint256 face) external {
        told[token][identityId] = face;
    }

    /// @inheritdoc IVenue
    function beneficialFaceOf(address token, bytes32 identityId) external view returns (uint256) {
        Mood now_ = mood;
        if (now_ == Mood.Reverts) revert Silent();
        if (now_ == Mood.BurnsGas) while (true) {}
        uint256 face = told[token][identityId];
        assembly ("memory-safe") {
            mstore(0, face)
            switch now_
            case 3 {
                return(0, 31)
            }
            case 4 {
                return(0, 20000)
            }
            case 5 {
                mstore(0, shl(48, 1))
                return(0, 32)
            }
            default {
                return(0, 32)
            }
        }
    }
}
