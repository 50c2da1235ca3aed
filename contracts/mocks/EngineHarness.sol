// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WaterfallEngine} from "../waterfall/WaterfallEngine.sol";

/// @title Runs the engine over states that the caller makes up. For tests only.
contract EngineHarness {
    /// @notice Everything a run starts from.
    struct Given {
        address code;
        uint64 dealId;
        uint16 period;
        uint8 phase;
        uint16 notices;
        uint256[] classWords;
        uint256[] laneWords;
        int256[] figures;
    }

    WaterfallEngine private immutable ENGINE;

    constructor(WaterfallEngine engine) {
        ENGINE = engine;
    }

    /// @notice Runs the period and returns its words.
    function run(Given calldata given) external view returns (uint256[] memory) {
        return _run(given);
    }

    /// @notice Runs every case, all of them in one call.
    function runAll(Given[] calldata cases) external view returns (uint256[][] memory words) {
        words = new uint256[][](cases.length);
        for (uint256 i = 0; i < cases.length; ++i) words[i] = _run(cases[i]);
    }

    /// @notice Gas of one call of the engine.
    function gasOf(Given calldata given) external view returns (uint256 used) {
        used = gasleft();
        _run(given);
        used -= gasleft();
    }

    function _run(Given calldata given) private view returns (uint256[] memory) {
        return
            ENGINE.run(
                given.code,
                given.dealId,
                given.period,
                given.phase,
                given.notices,
                given.classWords,
                given.laneWords,
                given.figures
            );
    }
}
