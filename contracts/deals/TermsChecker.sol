// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TermsShape} from "./TermsShape.sol";

/// @title Checks compiled terms, for the factory, which has no room for it.
/// @notice It has no state, no owner and no upgrade: the same terms pass for good or never.
contract TermsChecker {
    /// @notice Reverts with the first thing that is wrong with the terms.
    /// @return shape What the arguments of a deal must fit.
    function check(bytes calldata terms) external view returns (TermsShape.Shape memory shape) {
        return TermsShape.check(terms);
    }
}
