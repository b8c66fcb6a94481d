// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./libraries/Calldata.sol";
import {Evidence, Witness} from "./libraries/Witness.sol";
import {Fees} from "./libraries/Fees.sol";
import {Frame} from "./libraries/Frame.sol";
import {Grant, Recipient} from "./libraries/Grant.sol";
import {IERC165} from "./interfaces/IERC165.sol";
import {IERC6900Module, IERC6900ValidationModule} from "./interfaces/IERC6900.sol";
import {IWritModule} from "./interfaces/IWritModule.sol";
import {Memory} from "./libraries/Memory.sol";
import {OuterCall} from "./libraries/OuterCall.sol";
import {PackedUserOperation} from "./interfaces/PackedUserOperation.sol";
import {Rule} from "./libraries/Rule.sol";
import {Slots} from "./libraries/Slots.sol";
import {Tree} from "./libraries/Tree.sol";

/// @title WritModule: an ERC-6900 validation module that checks a session key's signature and its policy in one call.
/// @notice Nobody owns it, nothing in it can be changed, and each account's sessions are that account's alone.
contract WritModule is IWritModule {
    struct Owners {
        address first;
        uint8 flags;
        address second;
    }

    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    uint256 private constant SIG_VALIDATION_FAILED = 1;

    /// @dev killedAt48 ‖ tag48 for each account.
    mapping(address account => uint256) private killWords;
    mapping(uint32 entityId => mapping(address account => Owners)) private owners;

    // ---------------------------------------------------------------- validation

    /// @inheritdoc IERC6900ValidationModule
    function validateUserOp(
        uint32 entityId,
        PackedUserOperation calldata userOp,
        bytes32 userOpHash
    ) external returns (uint256 validationData) {
        unchecked {
            bytes calldata signature = userOp.signature;
            if (signature.length < 65) revert InvalidWitness();
            uint256 size = signature.length - 65;
            Evidence memory e = Witness.read(Calldata.positionOf(signature), size);
            Frame memory f;
            assembly ("memory-safe") {
                mstore(add(f, 0xc0), userOp)
            }
            f.account = msg.sender;
            f.time = e.time;
            uint256 fees = judge(f, e, entityId, userOp.callData);
            Fees.charge(f, Memory.number(e.header, 1), fees, userOp.paymasterAndData);
            Slots.store(f.slot, f.word0);

            bytes32 digest = keccak256(abi.encodePacked(userOpHash, address(this), entityId, e.digest));
            validationData = ((f.validUntil - 1) << 160) | (f.validFrom << 208);
            if (recover(digest, Calldata.positionOf(signature) + size) != f.key) validationData |= SIG_VALIDATION_FAILED;
        }
    }

    /// @inheritdoc IERC6900ValidationModule
    function validateRuntime(
        address account,
        uint32 entityId,
        address sender,
        uint256 value,
        bytes calldata data,
        bytes calldata authorization
    ) external {
        if (msg.sender != account) revert NotTheAccount(msg.sender);
        if (value != 0) revert ValueSent(value);
        Evidence memory e = Witness.read(Calldata.positionOf(authorization), authorization.length);
        if (e.time != 0) revert InvalidWitness();
        Frame memory f;
        f.account = msg.sender;
        f.time = block.timestamp;
        judge(f, e, entityId, data);
        Slots.store(f.slot, f.word0);
        if (sender != f.key) revert NotTheKey(sender);
    }

    /// @inheritdoc IERC6900ValidationModule
    /// @dev A session key signs operations and nothing else.
    function validateSignature(
        address,
        uint32,
        address,
        bytes32,
        bytes calldata
    ) external pure returns (bytes4) {
        return 0xffffffff;
    }

    /// @dev Everything but fees and signature. Reads no block data, as ERC-7562 demands of the UserOperation path.
    /// @return fees Where the header's fees part begins.
    function judge(
        Frame memory f,
        Evidence memory e,
        uint32 entityId,
        bytes calldata callData
    ) private returns (uint256 fees) {
        unchecked {
            bytes32 root = Tree.root(
                f.account,
                entityId,
                uint48(killWords[f.account]),
                e.header,
                e.headerSize,
                e.tree
            );
            f.slot = Slots.sessionOf(f.account, root);
            f.word0 = Slots.load(f.slot);
            // From here on header and leaves are known to be what `grant` derived.
            if (f.word0 >> 254 != 1) revert SessionNotActive(root);

            // flags1 ‖ key20 ‖ from5 ‖ until5
            uint256 word = Memory.word(e.header);
            f.key = address(uint160(word >> 88));
            f.start = f.validFrom = uint40(word >> 48);
            f.validUntil = uint40(word >> 8);
            if (f.time < f.validFrom) revert NotYetValid(f.time, f.validFrom);
            if (f.time >= f.validUntil) revert Expired(f.time, f.validUntil);
            calls(f, e, callData);
            return e.header + 31;
        }
    }

    function calls(Frame memory f, Evidence memory e, bytes calldata callData) private {
        unchecked {
            uint256 at = Calldata.positionOf(callData);
            uint256 end = at + callData.length;
            (uint256 count, uint256 heads, uint256 next) = OuterCall.open(at);
            for (uint256 i = 0; i < count; ++i) {
                if (heads != 0 && Calldata.word(heads + 32 * i) != next - heads) revert MalformedOperation();
                uint256 target;
                uint256 data;
                uint256 size;
                (target, f.value, data, size, next) = OuterCall.call(next, end);
                refuse(f.account, i, address(uint160(target)));
                f.callIndex = i;
                Rule.judge(f, Witness.leafOf(e, i), target, data, size);
            }
            Witness.mustEnd(e, count);
        }
    }

    /// @dev Whoever can call these can do anything as the account.
    function refuse(address account, uint256 callIndex, address target) private view {
        if (
            target == account ||
            target == address(this) ||
            target == 0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789 ||
            target == 0x0000000071727De22E5E9d8BAf0edAc6f37da032 ||
            target == 0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108 ||
            target == 0x433709009B8330FDa32311DF1C2AFA402eD8D009
        ) revert ForbiddenTarget(callIndex, target);
    }

    /// @dev The signer of `digest` by `r32 ‖ s32 ‖ v1` at calldata position `p`; zero where there is none or s is high.
    function recover(bytes32 digest, uint256 p) private pure returns (address) {
        unchecked {
            uint256 s = Calldata.word(p + 32);
            if (s > HALF_ORDER) return address(0);
            return ecrecover(digest, uint8(Calldata.word(p + 64) >> 248), bytes32(Calldata.word(p)), bytes32(s));
        }
    }

    // ---------------------------------------------------------------- granting

    /// @inheritdoc IWritModule
    function grant(bytes calldata data) external returns (bytes32 root) {
        return _grant(data);
    }

    function _grant(bytes memory data) private returns (bytes32 root) {
        Recipient memory h;
        (root, h) = Grant.derive(data);
        if (
            h.chainId != block.chainid ||
            h.module != address(this) ||
            h.account != msg.sender ||
            h.tag != uint48(killWords[msg.sender])
        ) revert GrantForAnother(h.chainId, h.module, h.account, bytes6(h.tag));
        if (owners[h.entityId][msg.sender].first == address(0)) revert EntityIdNotInstalled(h.entityId);
        uint256 slot = Slots.sessionOf(msg.sender, root);
        if (Slots.load(slot) >> 254 != 0) revert RootUsed(root);
        Slots.store(slot, Slots.ACTIVE);
        emit Granted(msg.sender, root, data);
    }

    /// @inheritdoc IWritModule
    function revoke(bytes32 root) external {
        uint256 slot = Slots.sessionOf(msg.sender, root);
        // What was counted stays readable. A number that is no root changes at most unused bits of the account's other words.
        Slots.store(slot, (Slots.load(slot) & ~Slots.ACTIVE) | Slots.REVOKED);
        emit Revoked(msg.sender, root);
    }

    /// @inheritdoc IWritModule
    function revokeAll() external {
        emit RevokedAll(msg.sender, renew(uint48(block.timestamp)));
    }

    /// @inheritdoc IWritModule
    function setOwners(uint32 entityId, address first, address second) external {
        Owners storage own = owners[entityId][msg.sender];
        if (own.first == address(0)) revert EntityIdNotInstalled(entityId);
        if (first == address(0)) revert OwnerMissing();
        own.first = first;
        own.second = second;
        renew(uint48(killWords[msg.sender] >> 48));
        emit OwnersSet(msg.sender, entityId, first, second);
    }

    /// @dev Gives the account a tag that it never had and nobody could foresee.
    function renew(uint48 killedAt) private returns (bytes6 tag) {
        uint256 old = killWords[msg.sender];
        tag = bytes6(keccak256(abi.encode(blockhash(block.number - 1), msg.sender, old)));
        killWords[msg.sender] = (uint256(killedAt) << 48) | uint48(tag);
    }

    // ---------------------------------------------------------------- installation

    /// @inheritdoc IERC6900Module
    /// @param data abi.encode(uint32 entityId, address firstOwner, address secondOwner, uint8 flags, bytes grant)
    function onInstall(bytes calldata data) external {
        (uint32 entityId, address first, address second, uint8 flags, bytes memory granted) = abi.decode(
            data,
            (uint32, address, address, uint8, bytes)
        );
        if (owners[entityId][msg.sender].first != address(0)) revert EntityIdUsed(entityId);
        if (first == address(0)) revert OwnerMissing();
        if (flags > 1) revert UnknownFlags(flags);
        owners[entityId][msg.sender] = Owners(first, flags, second);
        if (granted.length != 0) _grant(granted);
    }

    /// @inheritdoc IERC6900Module
    /// @dev Clears nothing: what was used stays used, and a later installation revives nothing.
    function onUninstall(bytes calldata) external pure {} // solhint-disable-line no-empty-blocks

    // ---------------------------------------------------------------- to read

    /// @inheritdoc IWritModule
    function rootOf(bytes calldata data) external pure returns (bytes32 root) {
        (root, ) = Grant.derive(data);
    }

    /// @inheritdoc IWritModule
    function sessionWords(
        address account,
        bytes32 root,
        uint256 first,
        uint256 count
    ) external view returns (bytes32[] memory words) {
        words = new bytes32[](count);
        uint256 slot = Slots.sessionOf(account, root);
        for (uint256 i = 0; i < count; ++i) words[i] = bytes32(Slots.load(slot + first + i));
    }

    /// @inheritdoc IWritModule
    function killWord(address account) external view returns (uint48 killedAt, uint48 tag) {
        uint256 word = killWords[account];
        return (uint48(word >> 48), uint48(word));
    }

    /// @inheritdoc IWritModule
    function ownersOf(
        address account,
        uint32 entityId
    ) external view returns (address first, address second, uint8 flags, bool installed) {
        Owners storage own = owners[entityId][account];
        return (own.first, own.second, own.flags, own.first != address(0));
    }

    /// @inheritdoc IERC6900Module
    function moduleId() external pure returns (string memory) {
        return "writ.session-key.1.0.0";
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId || interfaceId == 0x46c0c1b4 || interfaceId == 0xab3e34c1;
    }
}
