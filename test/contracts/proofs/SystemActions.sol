// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrancheToken} from "../../../contracts/interfaces/ITrancheToken.sol";
import {SystemLaws} from "./SystemLaws.sol";

/// @title What every action has in common: dice, counts, and the laws that compare before and after.
abstract contract SystemActions is SystemLaws {
    /// @dev In this order the tests name them and `SystemHandler` finds their functions.
    enum Action {
        Transfer,
        TransferFrom,
        Approve,
        Permit,
        BatchTransfer,
        Force,
        FreezeWallet,
        FreezeFace,
        FreezeIdentity,
        Recover,
        Pause,
        Link,
        Unlink,
        Attest,
        Revoke,
        Require,
        Country,
        Lockup,
        Venue,
        Exempt,
        Fund,
        Report,
        Replace,
        Distribute,
        Claim,
        ClaimBatch,
        ClaimTo,
        WithdrawPayee,
        BlockReceiver,
        Stray,
        ReturnStray,
        Advance,
        Challenge,
        Answer,
        DeclareLate,
        PauseReports,
        BackDoor
    }

    uint256 public constant ACTIONS = 37;

    uint256[ACTIONS] public passed;
    uint256[ACTIONS] public refused;
    uint256 public lateRuns;
    uint256 public probes;

    uint256 private _dice;
    mapping(uint256 place => uint256) private _owedBefore;
    mapping(uint256 place => bool) private _mayFall;
    mapping(uint256 place => uint256) private _principalBefore;
    bool[DEALS + 1] private _isRevalued;

    /// @dev Throws the dice for an action, and afterwards looks that it has taken nothing from anybody ([C6] [C7] [C12]) and
    ///  lifted nobody over a cap.
    modifier throwing(uint256 seed) {
        _dice = uint256(keccak256(abi.encode(seed, _dice)));
        _;
        _checkClaims();
        _checkCaps();
    }

    /// @dev The next number below `bound`.
    function _draw(uint256 bound) internal returns (uint256) {
        _dice = uint256(keccak256(abi.encode(_dice)));
        return _dice % bound;
    }

    function _oneIn(uint256 chances) internal returns (bool) {
        return _draw(chances) == 0;
    }

    function _drawDeal() internal returns (uint256) {
        return 1 + _draw(DEALS);
    }

    function _drawClass() internal returns (uint256 d, uint256 c) {
        d = _drawDeal();
        c = _draw(deals[d].classes);
    }

    function _drawToken() internal returns (uint256 d, uint256 c, ITrancheToken token) {
        (d, c) = _drawClass();
        token = books[d][c].token;
    }

    function _drawWallet() internal returns (uint256) {
        return _draw(WALLETS);
    }

    /// @dev Mostly somebody who holds notes of the class.
    function _drawHolder(uint256 d, uint256 c) internal returns (uint256 w) {
        for (uint256 tries = 0; tries < 4; tries++) {
            w = _drawWallet();
            if (books[d][c].model.balanceOf(w) != 0) return w;
        }
    }

    /// @dev Nothing, a little, all, or more than there is.
    function _drawAmount(uint256 held) internal returns (uint256) {
        uint256 kind = _draw(8);
        if (kind == 0) return 0;
        if (kind == 1) return held;
        if (kind == 2) return held + 1 + _draw(held + 10);
        return _draw(kind < 5 ? held / 10 + 2 : held + 1);
    }

    /// @dev One time in three as much as the receiver's cap has room for, to the cent on either side of it.
    function _drawMove(
        uint256 d,
        uint256 c,
        uint256 from,
        uint256 to
    ) internal returns (uint256 amount) {
        ITrancheToken token = books[d][c].token;
        uint256 balance = token.balanceOf(wallets[from]);
        uint256 principal = token.principalBalance();
        bytes32 id = identityId(identityOf[to]);
        (uint256 held, uint256 limit) = compliance.principalHeldBy(uint64(d), id);
        if (_draw(3) != 0 || principal == 0 || limit <= held || limit == type(uint64).max) {
            return _drawAmount(balance);
        }
        amount = ((limit - held) * books[d][c].supply) / principal + _draw(4);
        return amount < balance ? amount : balance;
    }

    function _count(Action action, bool isDone) internal {
        if (isDone) passed[uint256(action)]++;
        else refused[uint256(action)]++;
    }

    /// @dev The action has taken from what the wallet is owed, by right.
    function _expectFall(uint256 d, uint256 c, uint256 w) internal {
        _mayFall[_place(d, c, w)] = true;
    }

    /// @dev A run has changed what the deal's notes are worth.
    function _expectRevaluation(uint256 d) internal {
        _isRevalued[d] = true;
    }

    function _isUncapped(uint256 d, uint256 identity_) internal view returns (bool) {
        bytes32 id = identityId(identity_);
        return compliance.isCapExempt(uint64(d), id) || compliance.identity(id).venue;
    }

    function _checkClaims() private {
        for (uint256 d = 1; d <= DEALS; d++) {
            for (uint256 c = 0; c < deals[d].classes; c++) {
                ITrancheToken token = books[d][c].token;
                for (uint256 w = 0; w < WALLETS; w++) {
                    (uint256 interest, uint256 principal) = token.owedFractionsOf(wallets[w]);
                    uint256 place = _place(d, c, w);
                    uint256 before = _owedBefore[place];
                    uint256 owed = (interest << 128) | principal;
                    if (owed == before) continue;
                    if (_mayFall[place]) _mayFall[place] = false;
                    else {
                        require(interest >= before >> 128, "somebody's interest has shrunk");
                        require(principal >= uint128(before), "somebody's principal has shrunk");
                    }
                    _owedBefore[place] = owed;
                }
            }
        }
    }

    /// @dev Only a run may lift an identity over the cap: by repaying others, or by restoring what was written down.
    function _checkCaps() private {
        for (uint256 d = 1; d <= DEALS; d++) {
            for (uint256 i = 0; i < IDENTITIES; i++) {
                (uint256 held, uint256 limit) = compliance.principalHeldBy(
                    uint64(d),
                    identityId(i)
                );
                uint256 place = _place(d, i, 0);
                bool isFine = held <= _principalBefore[place] || held <= limit;
                require(isFine || _isRevalued[d] || _isUncapped(d, i), "cap exceeded");
                if (held != _principalBefore[place]) _principalBefore[place] = held;
            }
            if (_isRevalued[d]) _isRevalued[d] = false;
        }
    }

    function _place(uint256 d, uint256 c, uint256 w) private pure returns (uint256) {
        return (d << 16) | (c << 8) | w;
    }
}
