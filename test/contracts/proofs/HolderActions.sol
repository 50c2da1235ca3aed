// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrancheToken} from "../../../contracts/interfaces/ITrancheToken.sol";
import {SystemActions} from "./SystemActions.sol";
import {VM} from "../Vm.sol";

/// @title What holders do with their notes.
abstract contract HolderActions is SystemActions {
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    function transfer(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        (uint256 from, uint256 to) = (_drawHolder(d, c), _drawWallet());
        uint256 amount = _drawMove(d, c, from, to);
        bool isRight = _mayMove(token, from, to, amount);
        VM.prank(wallets[from]);
        try token.transfer(wallets[to], amount) {
            require(isRight, "moved, but should not");
            books[d][c].model.move(from, to, amount);
            _count(Action.Transfer, true);
        } catch {
            require(!isRight, "transfer refused");
            _count(Action.Transfer, false);
        }
    }

    function transferFrom(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        (uint256 from, uint256 to) = (_drawHolder(d, c), _drawWallet());
        address spender = wallets[_drawWallet()];
        uint256 amount = _drawMove(d, c, from, to);
        if (_draw(4) != 0) {
            VM.prank(wallets[from]);
            token.approve(spender, amount);
        }
        uint256 allowed = token.allowance(wallets[from], spender);
        bool isRight = amount <= allowed && _mayMove(token, from, to, amount);
        VM.prank(spender);
        try token.transferFrom(wallets[from], wallets[to], amount) {
            require(isRight, "moved for the owner, but should not");
            uint256 left = allowed == type(uint256).max ? allowed : allowed - amount;
            VM.assertEq(token.allowance(wallets[from], spender), left, "allowance used");
            books[d][c].model.move(from, to, amount);
            _count(Action.TransferFrom, true);
        } catch {
            require(!isRight, "transferFrom refused");
            _count(Action.TransferFrom, false);
        }
    }

    function approve(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        (address owner, address spender) = (wallets[_drawHolder(d, c)], wallets[_drawWallet()]);
        uint256 amount = _oneIn(4) ? type(uint256).max : _draw(1e12);
        VM.prank(owner);
        token.approve(spender, amount);
        VM.assertEq(token.allowance(owner, spender), amount, "approved");
        _count(Action.Approve, true);
    }

    function permit(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        (uint256 owner, uint256 signer) = (_drawHolder(d, c), _drawWallet());
        if (_draw(3) != 0) signer = owner;
        address spender = wallets[_drawWallet()];
        uint256 deadline = block.timestamp + 1 - _draw(3);
        uint256 value = _draw(1e12);
        bool isRight = signer == owner && block.timestamp <= deadline;
        bytes32 digest = _permitDigest(token, owner, spender, value, deadline);
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(walletKey(signer), digest);
        try token.permit(wallets[owner], spender, value, deadline, v, r, s) {
            require(isRight, "permitted, but should not");
            VM.assertEq(token.allowance(wallets[owner], spender), value, "permitted");
            _count(Action.Permit, true);
        } catch {
            require(!isRight, "permit refused");
            _count(Action.Permit, false);
        }
    }

    function batchTransfer(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c, ITrancheToken token) = _drawToken();
        uint256 from = _drawHolder(d, c);
        uint256 to = _drawWallet();
        uint256 held = token.balanceOf(wallets[from]);
        address[] memory receivers = new address[](2);
        uint256[] memory amounts = new uint256[](2);
        (receivers[0], receivers[1]) = (wallets[to], wallets[to]);
        (amounts[0], amounts[1]) = (_draw(held + 1), _draw(held / 2 + 1));
        // To one receiver the two are one transfer, for every rule but the balance of the first.
        bool isRight =
            from != to
                ? _mayMove(token, from, to, amounts[0] + amounts[1])
                : _mayMove(token, from, to, amounts[0]) && _mayMove(token, from, to, amounts[1]);
        if (amounts[0] == 0 || amounts[1] == 0) return;
        VM.prank(wallets[from]);
        try token.batchTransfer(receivers, amounts) {
            require(isRight, "batch moved, but should not");
            books[d][c].model.move(from, to, amounts[0]);
            books[d][c].model.move(from, to, amounts[1]);
            _count(Action.BatchTransfer, true);
        } catch {
            require(!isRight, "batch refused");
            _count(Action.BatchTransfer, false);
        }
    }

    /// @dev What the token's own view says, and that the balance covers it.
    function _mayMove(
        ITrancheToken token,
        uint256 from,
        uint256 to,
        uint256 amount
    ) private view returns (bool) {
        return
            amount <= token.balanceOf(wallets[from]) &&
            token.canTransfer(wallets[from], wallets[to], amount);
    }

    function _permitDigest(
        ITrancheToken token,
        uint256 owner,
        address spender,
        uint256 value,
        uint256 deadline
    ) private view returns (bytes32) {
        uint256 nonce = token.nonces(wallets[owner]);
        bytes32 content = keccak256(
            abi.encode(PERMIT_TYPEHASH, wallets[owner], spender, value, nonce, deadline)
        );
        return keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), content));
    }
}
