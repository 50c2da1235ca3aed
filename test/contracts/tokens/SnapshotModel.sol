// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What every holder of one class is owed, by brute force.
/// @notice Copies all balances at each record time, and at each funding walks all holders. Fractions are 2^-24 units.
contract SnapshotModel {
    uint256 public immutable holders;
    uint256 public supply;
    uint256 public lastFunded;
    uint256[2] public index;
    uint256[2] public remainder;
    uint256[2] public funded;
    uint256[2] public collected;
    mapping(uint256 holder => uint256) public balanceOf;
    mapping(uint256 holder => uint256[2]) internal owed;
    mapping(uint256 period => mapping(uint256 holder => uint256)) internal snapshots;
    /// @dev Index, remainder and sum of units, by kind, as they stood right after the period was funded.
    mapping(uint256 period => uint256[2][3]) internal entries;

    constructor(uint256 holders_) {
        holders = holders_;
    }

    function owedOf(uint256 holder) external view returns (uint256, uint256) {
        return (owed[holder][0], owed[holder][1]);
    }

    function entryOf(uint256 period) external view returns (uint256[2][3] memory) {
        return entries[period];
    }

    function mint(uint256 to, uint256 amount) external {
        balanceOf[to] += amount;
        supply += amount;
    }

    function move(uint256 from, uint256 to, uint256 amount) external {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }

    function snapshot(uint256 period) external {
        for (uint256 h = 0; h < holders; h++) snapshots[period][h] = balanceOf[h];
    }

    function fund(uint256 period, uint256[2] memory units) external {
        lastFunded = period;
        for (uint256 kind = 0; kind < 2; kind++) {
            uint256 fractions = (units[kind] << 24) + remainder[kind];
            uint256 step = fractions / supply;
            index[kind] += step;
            remainder[kind] = fractions % supply;
            funded[kind] += units[kind];
            for (uint256 h = 0; h < holders; h++) owed[h][kind] += snapshots[period][h] * step;
        }
        entries[period] = [index, remainder, funded];
    }

    /// @return units whole units that the holder gets, interest and principal
    function collect(uint256 holder) external returns (uint256[2] memory units) {
        for (uint256 kind = 0; kind < 2; kind++) {
            units[kind] = owed[holder][kind] >> 24;
            owed[holder][kind] -= units[kind] << 24;
            collected[kind] += units[kind];
        }
    }

    /// @notice The replacement takes the lost wallet's place in the current window's record too.
    function recover(uint256 lost, uint256 replacement, uint256 period) external {
        balanceOf[replacement] += balanceOf[lost];
        balanceOf[lost] = 0;
        snapshots[period][replacement] += snapshots[period][lost];
        snapshots[period][lost] = 0;
        for (uint256 kind = 0; kind < 2; kind++) {
            owed[replacement][kind] += owed[lost][kind];
            owed[lost][kind] = 0;
        }
    }
}
