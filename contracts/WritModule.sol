// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bits} from "./libraries/Bits.sol";
import {Calldata} from "./libraries/Calldata.sol";
import {Witness} from "./libraries/Witness.sol";
import {Fees} from "./libraries/Fees.sol";
import {Frame} from "./libraries/Frame.sol";
import {IERC165} from "./interfaces/IERC165.sol";
import {IERC6900Module, IERC6900ValidationModule} from "./interfaces/IERC6900.sol";
import {IWritModule} from "./interfaces/IWritModule.sol";
import {Memory} from "./libraries/Memory.sol";
import {OuterCall} from "./libraries/OuterCall.sol";
import {PackedUserOperation} from "./interfaces/PackedUserOperation.sol";
import {Printer} from "./libraries/Printer.sol";
import {Reader, Recipient} from "./libraries/Reader.sol";
import {Rule} from "./libraries/Rule.sol";
import {Slots} from "./libraries/Slots.sol";
import {Targets} from "./libraries/Targets.sol";
import {Tree} from "./libraries/Tree.sol";

/// @title WritModule: an ERC-6900 validation module that checks a session key's signature and its policy in one call.
/// @dev Longer than most files: all that may write an account's words stands in one place, to be read in one go.
/// @notice Nobody owns it, nothing in it can be changed, and each account's sessions are that account's alone.
contract WritModule is IWritModule {
    struct Owners {
        address first;
        uint8 flags;
        address second;
    }

    // Where fields of a PackedUserOperation stand, and the fees part of a header.
    uint256 private constant CALL_DATA = 0x60;
    uint256 private constant SIGNATURE = 0x100;
    uint256 private constant FEES = 31;
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;
    uint256 private constant SIG_VALIDATION_FAILED = 1;

    // Of an activation, 0x0000 ‖ grantLength3 ‖ grant ‖ r32 ‖ s32 ‖ v1: where the grant begins, and how long the signature behind it is.
    uint256 private constant CARRIED_GRANT = 5;
    uint256 private constant OWNER_SIGNATURE = 65;

    /// A bit of an account's word that says nothing.
    uint256 private constant MADE = 1 << 96;

    /// @dev killedAt48 ‖ tag48 for each account, in the low bits.
    mapping(address account => uint256) private killWords;
    mapping(uint32 entityId => mapping(address account => Owners)) private owners;
    /// @dev One more than the decimals; 0: not pinned.
    mapping(address token => mapping(address account => uint256)) private pins;

    // ---------------------------------------------------------------- validation

    /// @inheritdoc IERC6900ValidationModule
    function validateUserOp(
        uint32 entityId,
        PackedUserOperation calldata userOp,
        bytes32 userOpHash
    ) external returns (uint256 validationData) {
        unchecked {
            Frame.open();
            uint256 op = Calldata.positionOf(userOp);
            (uint256 signature, uint256 size) = Calldata.tail(op, SIGNATURE);
            Frame.setActivation(0);
            if (Calldata.word(signature) >> 240 == 0) (signature, size) = setAside(signature, size);
            if (size < 65) revert InvalidWitness();
            size -= 65;
            uint256 witness = Witness.copy(signature, size);
            // Before the witness is read: that overwrites a byte in front of each leaf.
            uint256 digest = digestOf(userOpHash, entityId, Memory.hash(witness, size));
            uint256 header = witness + 2;
            uint256 claimed = header + Memory.number(witness, 2);
            Frame.setTime(Memory.number(claimed, 5));
            Frame.setUserOp(op);
            (uint256 callData, uint256 callDataSize) = Calldata.tail(op, CALL_DATA);
            judge(entityId, header, claimed, witness + size, callData, callData + callDataSize);
            Fees.charge(Memory.number(header, 1), header + FEES);
            Slots.store(Frame.slot(), Frame.word0());
            validationData = ((Frame.validUntil() - 1) << 160) | (Frame.validFrom() << 208);
            if (recover(digest, signature + size) != Frame.key()) validationData |= SIG_VALIDATION_FAILED;
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
        unchecked {
            if (msg.sender != account) revert NotTheAccount(msg.sender);
            if (value != 0) revert ValueSent(value);
            Frame.open();
            uint256 from = Calldata.positionOf(authorization);
            uint256 size = authorization.length;
            Frame.setActivation(0);
            if (Calldata.word(from) >> 240 == 0) (from, size) = setAside(from, size);
            uint256 witness = Witness.copy(from, size);
            uint256 header = witness + 2;
            uint256 claimed = header + Memory.number(witness, 2);
            // The time is the block's: a witness may claim none.
            if (Memory.number(claimed, 5) != 0) revert InvalidWitness();
            Frame.setTime(block.timestamp);
            Frame.setUserOp(0);
            uint256 callData = Calldata.positionOf(data);
            judge(entityId, header, claimed, witness + size, callData, callData + data.length);
            Slots.store(Frame.slot(), Frame.word0());
            if (uint160(sender) != Frame.key()) revert NotTheKey(sender);
        }
    }

    /// @inheritdoc IERC6900ValidationModule
    /// @dev A session key signs operations and nothing else.
    function validateSignature(address, uint32, address, bytes32, bytes calldata) external pure returns (bytes4) {
        return 0xffffffff;
    }

    /**
     * @dev Sets aside the activation that stands before a witness. None does where the first two bytes are not zero: a witness begins with a header's length.
     * @return Where the witness begins, and how many bytes of the `size` at `p` are left from there.
     */
    function setAside(uint256 p, uint256 size) private pure returns (uint256, uint256) {
        unchecked {
            uint256 length = CARRIED_GRANT + (Calldata.word(p) >> 216) + OWNER_SIGNATURE;
            if (length > size) revert InvalidWitness();
            Frame.setActivation(p);
            return (p + length, size - length);
        }
    }

    /**
     * @dev Everything but fees and signature, at the frame's time. Reads no block data, as ERC-7562 demands where a UserOperation is validated.
     * @param header Memory position of the witness's header.
     * @param headerEnd Where the header ends; the claimed time and the leaves follow.
     * @param end Where the witness ends.
     * @param callData Calldata position of the account's calldata, which ends at `callDataEnd`.
     */
    function judge(
        uint256 entityId,
        uint256 header,
        uint256 headerEnd,
        uint256 end,
        uint256 callData,
        uint256 callDataEnd
    ) private {
        unchecked {
            (uint256 top, uint256 leaves, uint256 indexes) = Witness.read(headerEnd + 5);
            uint256 root = Tree.root(entityId, uint48(killWords[msg.sender]), header, headerEnd - header, top);
            uint256 slot = Slots.ofSession(uint160(msg.sender), root);
            uint256 word0 = Slots.load(slot);
            // From here on header and leaves are known to be what `grant` derived.
            if (word0 >> 254 != 1) word0 = beginCarried(bytes32(root), word0);
            Frame.setSlot(slot);
            Frame.setWord0(word0);

            // flags1 ‖ key20 ‖ from5 ‖ until5
            uint256 word = Memory.word(header);
            Frame.setKey(uint160(word >> 88));
            uint256 time = Frame.time();
            uint256 limit = uint40(word >> 48);
            if (time < limit) revert NotYetValid(time, limit);
            Frame.setStart(limit);
            Frame.setValidFrom(limit);
            limit = uint40(word >> 8);
            if (time >= limit) revert Expired(time, limit);
            Frame.setValidUntil(limit);
            calls(headerEnd + 5, leaves, indexes, end, callData, callDataEnd);
        }
    }

    /**
     * @dev Positions: `counter` of the count of leaves, `leaves` of their positions, `indexes` of the calls' leaf numbers, `end` of the witness's
     * end.
     */
    function calls(
        uint256 counter,
        uint256 leaves,
        uint256 indexes,
        uint256 end,
        uint256 callData,
        uint256 callDataEnd
    ) private {
        unchecked {
            uint256 leafCount = Memory.number(counter, 1);
            // 0 where the only leaf serves for every call, and no leaf numbers stand in the witness.
            uint256 several = Bits.more(leafCount, 1);
            (uint256 count, uint256 heads, uint256 batch, uint256 next) = OuterCall.open(callData);
            for (uint256 i = 0; i < count; ++i) {
                uint256 data = next + 128;
                uint256 flaws = batch * (Calldata.word(heads + 32 * i) ^ (next - heads));
                uint256 target;
                uint256 value;
                uint256 size;
                (target, value, size, next) = OuterCall.read(next, callDataEnd, flaws);
                Frame.setCallIndex(i);
                Frame.setValue(value);
                refuse(target);
                uint256 index = several * Memory.number(indexes + i, 1);
                if (index >= leafCount) revert InvalidWitness();
                Rule.judge(Memory.word(leaves + 32 * index), target, data, size);
            }
            // Nothing may stand behind the leaf numbers, nor may one be missing.
            if (indexes + several * count != end) revert InvalidWitness();
        }
    }

    function refuse(uint256 target) private view {
        if (Targets.forbidden(target)) revert ForbiddenTarget(Frame.callIndex(), address(uint160(target)));
    }

    /// @dev keccak256(userOpHash32 ‖ module20 ‖ entityId4 ‖ keccak256(witness))
    function digestOf(bytes32 userOpHash, uint256 entityId, uint256 witnessHash) private view returns (uint256) {
        unchecked {
            uint256 at = Memory.take(88);
            Memory.put(at, uint256(userOpHash));
            Memory.put(at + 32, (uint256(uint160(address(this))) << 96) | (entityId << 64));
            Memory.put(at + 56, witnessHash);
            return Memory.hash(at, 88);
        }
    }

    /// @dev The signer of `digest` by `r32 ‖ s32 ‖ v1` at calldata position `p`; zero where there is none or s is high.
    function recover(uint256 digest, uint256 p) private pure returns (uint256) {
        unchecked {
            uint256 s = Calldata.word(p + 32);
            if (s > HALF_ORDER) return 0;
            uint8 v = uint8(Calldata.word(p + 64) >> 248);
            return uint160(ecrecover(bytes32(digest), v, bytes32(Calldata.word(p)), bytes32(s)));
        }
    }

    // ---------------------------------------------------------------- granting

    /// @inheritdoc IWritModule
    function grant(bytes calldata data) external returns (bytes32 root) {
        return _grant(data);
    }

    function _grant(bytes calldata data) private returns (bytes32 root) {
        Recipient memory r;
        (root, r) = Reader.read(data);
        admit(r, msg.sender);
        begin(root, r.account, data);
    }

    /// @dev Refuses a grant that is not for this chain, this module, this account as it is, and an entity id that it installed.
    function admit(Recipient memory r, address account) private view {
        if (
            r.chainId != block.chainid ||
            r.module != address(this) ||
            r.account != account ||
            r.tag != uint48(killWords[account])
        ) revert GrantForAnother(r.chainId, r.module, r.account, bytes6(r.tag));
        if (owners[r.entityId][account].first == address(0)) revert EntityIdNotInstalled(r.entityId);
    }

    /// @dev Puts a root into force for its account.
    function begin(bytes32 root, address account, bytes calldata data) private {
        uint256 slot = Slots.ofSession(uint160(account), uint256(root));
        if (Slots.load(slot) >> 254 != 0) revert RootUsed(root);
        Slots.store(slot, Slots.ACTIVE);
        emit Granted(account, root, data);
    }

    // ---------------------------------------------------------------- by an owner's text

    /// @inheritdoc IWritModule
    function activate(bytes calldata data, bytes calldata signature) external returns (bytes32 root) {
        Recipient memory r;
        (root, r) = Reader.read(data);
        admit(r, r.account);
        begin(root, r.account, data);
        byFirstOwner(r, data, signature);
        pinStated(r.account, data, true);
    }

    /**
     * @dev Puts the root of an operation's witness into force, where it is in force nowhere and never was, by the activation that was set aside. Asks no token,
     * as ERC-7562 demands: the decimals that the grant states must be pinned.
     * @return The session's first word, which is written back when the operation is judged.
     */
    function beginCarried(bytes32 root, uint256 word0) private returns (uint256) {
        uint256 p = Frame.activation();
        if (p == 0 || word0 != 0) revert SessionNotActive(root);
        unchecked {
            uint256 size = uint24(Calldata.word(p) >> 216);
            bytes calldata data = Calldata.bytesAt(p + CARRIED_GRANT, size);
            (bytes32 granted, Recipient memory r) = Reader.read(data);
            admit(r, msg.sender);
            // Its entity id is then the validation's too: it stands in the root.
            if (granted != root) revert GrantOfAnotherSession(granted, root);
            byFirstOwner(r, data, Calldata.bytesAt(p + CARRIED_GRANT + size, OWNER_SIGNATURE));
            pinStated(msg.sender, data, false);
            emit Granted(msg.sender, root, data);
            return Slots.ACTIVE;
        }
    }

    /// @dev Only the first owner grants, by the text of the grant, and only where texts grant.
    function byFirstOwner(Recipient memory r, bytes calldata data, bytes calldata signature) private view {
        Owners storage own = owners[r.entityId][r.account];
        if (own.flags & 1 != 0) revert TextGrantsOff(r.entityId);
        address signer = signerOf(Printer.hashOf(data), signature);
        if (signer != own.first) revert NotTheOwner(signer, r.entityId);
    }

    /// @inheritdoc IWritModule
    function killByText(
        address account,
        uint32 entityId,
        bool everyChain,
        uint48 time,
        bytes calldata signature
    ) external {
        uint256 killedAt = uint48(killWords[account] >> 48);
        if (time <= killedAt || time + 7 days < block.timestamp || time > block.timestamp + 15 minutes)
            revert KillTimeOutOfRange(time, killedAt, block.timestamp);
        byOwner(account, entityId, Printer.killHash(account, everyChain ? 0 : uint64(block.chainid), time), signature);
        // Nobody can know it before the owner has signed, and it is the same on every chain.
        bytes6 tag = bytes6(keccak256(signature[:64]));
        killWords[account] = (uint256(time) << 48) | uint48(tag);
        emit RevokedAll(account, tag);
    }

    /// @inheritdoc IWritModule
    function revokeByText(address account, uint32 entityId, bytes32 root, bytes calldata signature) external {
        byOwner(account, entityId, Printer.revokeHash(account, uint64(block.chainid), root), signature);
        _revoke(account, root);
    }

    /// @dev Either owner may end.
    function byOwner(address account, uint32 entityId, bytes32 hash, bytes calldata signature) private view {
        Owners storage own = owners[entityId][account];
        address signer = signerOf(hash, signature);
        if (signer == address(0) || (signer != own.first && signer != own.second)) revert NotTheOwner(signer, entityId);
    }

    /// @dev The signer of a hash by `r32 ‖ s32 ‖ v1`; zero where there is none, or s is high.
    function signerOf(bytes32 hash, bytes calldata signature) private pure returns (address) {
        if (signature.length != 65) return address(0);
        return address(uint160(recover(uint256(hash), Calldata.positionOf(signature))));
    }

    /// @inheritdoc IWritModule
    function pin(address account, address token) external {
        pins[token][account] = toldDecimals(token);
    }

    /// @dev One more than what a token says are its decimals.
    function toldDecimals(address token) private view returns (uint256) {
        (bool success, bytes memory answer) = token.staticcall(hex"313ce567");
        if (!success || answer.length < 32) revert NoDecimals(token);
        uint256 said = uint256(bytes32(answer));
        if (said > 77) revert NoDecimals(token);
        return said + 1;
    }

    /**
     * @dev Refuses a grant of the right form that states other decimals of a token than the pinned ones.
     * @param ask Whether tokens that are not pinned yet are asked now; else they are refused.
     */
    function pinStated(address account, bytes calldata data, bool ask) private {
        unchecked {
            // headerLength2 at 59, the header, tokenCount1 ‖ { address20 ‖ decimals1 ‖ symbolLength1 ‖ symbol }*
            uint256 p = Calldata.positionOf(data) + 59;
            p += 2 + (Calldata.word(p) >> 240);
            uint256 count = Calldata.word(p) >> 248;
            ++p;
            for (; count != 0; --count) {
                uint256 word = Calldata.word(p);
                uint256 stated = Bits.byteAt(word, 20);
                if (stated != BASE_UNITS) {
                    address token = address(uint160(word >> 96));
                    uint256 stored = pins[token][account];
                    if (stored == 0 && ask) pins[token][account] = stored = toldDecimals(token);
                    if (--stored != stated) revert DecimalsNotPinned(token, stated, stored);
                }
                p += 22 + Bits.byteAt(word, 21);
            }
        }
    }

    uint256 private constant BASE_UNITS = 0xff;

    /// @inheritdoc IWritModule
    function revoke(bytes32 root) external {
        _revoke(msg.sender, root);
    }

    /// @inheritdoc IWritModule
    function renounce(
        address account,
        uint32 entityId,
        bytes6 tag,
        bytes calldata header,
        bytes32 top,
        bytes calldata signature
    ) external returns (bytes32 root) {
        // Another key in the header gives another root, which no grant has.
        root = keccak256(
            abi.encodePacked(uint8(2), uint64(block.chainid), address(this), account, entityId, tag, header, top)
        );
        address signer = msg.sender;
        if (signature.length != 0) {
            if (signature.length != 65) revert NotTheKey(address(0));
            bytes32 digest = keccak256(abi.encodePacked(hex"1900", address(this), block.chainid, account, root));
            signer = address(uint160(recover(uint256(digest), Calldata.positionOf(signature))));
        }
        if (signer == address(0) || signer != address(bytes20(header[1:21]))) revert NotTheKey(signer);
        _revoke(account, root);
    }

    function _revoke(address account, bytes32 root) private {
        uint256 slot = Slots.ofSession(uint160(account), uint256(root));
        // What was counted stays readable. A number that is no root changes at most unused bits of the account's other words.
        Slots.store(slot, (Slots.load(slot) & ~Slots.ACTIVE) | Slots.REVOKED);
        emit Revoked(account, root);
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
        (uint32 entityId, address first, address second, uint8 flags, uint256 at) = abi.decode(
            data,
            (uint32, address, address, uint8, uint256)
        );
        if (owners[entityId][msg.sender].first != address(0)) revert EntityIdUsed(entityId);
        if (first == address(0)) revert OwnerMissing();
        if (flags > 1) revert UnknownFlags(flags);
        owners[entityId][msg.sender] = Owners(first, flags, second);
        // The word is made now, so that to end every session costs no new word when it is urgent.
        if (killWords[msg.sender] == 0) killWords[msg.sender] = MADE;
        // The grant stays in calldata: `at` is where its length stands.
        bytes calldata granted = data[at + 32:];
        granted = granted[:uint256(bytes32(data[at:]))];
        if (granted.length != 0) _grant(granted);
    }

    /// @inheritdoc IERC6900Module
    /// @dev Clears nothing: what was used stays used, and a later installation revives nothing.
    function onUninstall(bytes calldata) external pure {} // solhint-disable-line no-empty-blocks

    // ---------------------------------------------------------------- to read

    /// @inheritdoc IWritModule
    function rootOf(bytes calldata data) external view returns (bytes32 root) {
        (root, ) = Reader.read(data);
    }

    /// @inheritdoc IWritModule
    function textOf(bytes calldata data) external view returns (string memory) {
        // Only what the reader takes has a text.
        Reader.read(data);
        return Printer.textOf(data);
    }

    /// @inheritdoc IWritModule
    function pinned(address account, address token) external view returns (bool known, uint8 decimals) {
        unchecked {
            uint256 stored = pins[token][account];
            return stored == 0 ? (false, 0) : (true, uint8(stored - 1));
        }
    }

    /// @inheritdoc IWritModule
    function sessionWords(
        address account,
        bytes32 root,
        uint256 first,
        uint256 count
    ) external view returns (bytes32[] memory words) {
        words = new bytes32[](count);
        uint256 slot = Slots.ofSession(uint160(account), uint256(root));
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
        return interfaceId == type(IERC165).interfaceId || interfaceId == 0x46c0c1b4 || interfaceId == 0xab3e34c1;
    }
}
