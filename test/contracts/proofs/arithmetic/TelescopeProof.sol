// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Differences of cuts sum to the last cut, however many payees there are.
/// @dev For the SMT checker, which finds the invariant over any number of calls. What it takes of a cut was proved in
///  `SplitProof`: cuts never fall, and the last one is the cash.
contract TelescopeProof {
    uint256 private immutable CASH;
    uint256 private _previous;
    uint256 private _paid;
    bool private _isDone;

    constructor(uint64 cash) {
        CASH = cash;
    }

    /// @notice One more payee, as the loop of the split pays it.
    function pay(uint256 next, bool isLast) external {
        require(!_isDone && next >= _previous && next <= CASH);
        require(!isLast || next == CASH);
        _paid += next - _previous;
        _previous = next;
        _isDone = isLast;
    }

    /// @notice Never more than the cash; all of it in the end.
    function partsSumToTheWhole() external view {
        assert(_paid == _previous);
        assert(_paid <= CASH);
        assert(!_isDone || _paid == CASH);
    }
}
