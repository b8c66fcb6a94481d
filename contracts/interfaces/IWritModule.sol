// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6900ValidationModule} from "./IERC6900.sol";

/// @title Session keys whose policy is one word on the chain.
/// @notice The byte format of grants and witnesses is drawn in docs/format.md.
interface IWritModule is IERC6900ValidationModule {
    // ---------------------------------------------------------------- why an operation is denied

    /// @notice No grant with this root is in force: never made, revoked, or killed by a newer tag.
    error SessionNotActive(bytes32 root);
    /// @notice The session begins later. Unix seconds; `from` is inclusive.
    error NotYetValid(uint256 time, uint256 from);
    /// @notice The session has ended. Unix seconds; `until` is exclusive.
    error Expired(uint256 time, uint256 until);
    /// @notice The account's calldata is not a canonical `execute` or `executeBatch` with at least one call.
    error MalformedOperation();
    /// @notice The account itself, the module and EntryPoints can never be called.
    error ForbiddenTarget(uint256 callIndex, address target);
    /// @notice The rule that the witness names is about another target or function.
    error NoRule(uint256 callIndex, address target, bytes4 selector);
    /// @notice Ether is sent under a rule that budgets none.
    error ValueNotAllowed(uint256 callIndex, uint256 value);
    /// @notice Top-level condition number `conjunct` of the rule does not hold, or cannot be read.
    error ConditionFailed(uint256 callIndex, uint256 conjunct);
    /// @notice Clause number `deny` of the rule's folded denies holds.
    error DeniedByRule(uint256 callIndex, uint256 deny);
    /// @notice No nested rule allows call number `element` of the list in an argument; 2^256 - 1: the list cannot be read.
    error NestedCallDenied(uint256 callIndex, uint256 element);
    /// @notice The rule begins later.
    error RuleNotYetValid(uint256 callIndex, uint256 from);
    /// @notice The rule has ended.
    error RuleExpired(uint256 callIndex, uint256 until);
    /// @notice The rule's hours do not contain the time.
    error OutsideHours(uint256 callIndex);
    /// @notice An amount to be counted cannot be read, is negative, or is 2^256 or more.
    error AmountUnreadable(uint256 callIndex);
    /// @notice One call's amount is above the rule's limit for one call.
    error PerCallExceeded(uint256 callIndex, uint256 amount, uint256 limit);
    /// @notice The meter at `position` has less left in this window than the call spends.
    error MeterExceeded(uint256 position, uint256 amount, uint256 remaining);
    /// @notice The meter at `position` has already counted in a later window than the claimed time's.
    error WindowPassed(uint256 position, uint256 storedWindow);
    /// @notice The fees budget has less left than the operation may cost; an amount of 2^256 or more shows as 2^256 - 1.
    error FeeExceeded(uint256 amount, uint256 remaining);
    /// @notice Condition number `conjunct` of the fees does not hold.
    error FeeConditionFailed(uint256 conjunct);
    /// @notice The paymaster is not the sponsor, or there must be none, or there must be one.
    error PaymasterNotAllowed();
    /// @notice The witness does not have the form of docs/format.md, or its leaves are of different policies.
    error InvalidWitness();

    // ---------------------------------------------------------------- why a grant or an order is refused

    /// @notice Scales of a sum multiply to 2^256 or more.
    error CoefficientTooLarge();
    /// @notice The grant does not have the form of docs/format.md at this offset, or just before it.
    error InvalidGrant(uint256 offset);
    /// @notice What stands in the grant at this offset cannot be shown on a device, or would read as something else.
    error NotShowable(uint256 offset);
    /// @notice A function has the selector of a well-known dangerous one, and another signature.
    error LyingName(bytes4 selector);
    /// @notice The text has more lines or characters than devices show.
    error TextTooLong(uint256 lines, uint256 characters);
    /// @notice The contract that reads grants does not stand at its address on this chain: deploy it there, and grant again.
    error ReaderMissing(address reader);
    /// @notice The grant is made for another chain, module, account or kill tag.
    error GrantForAnother(uint256 chainId, address module, address account, bytes6 tag);
    /// @notice The grant's session has been made or revoked before.
    error RootUsed(bytes32 root);
    /// @notice The account never installed the module under this entity id.
    error EntityIdNotInstalled(uint32 entityId);
    /// @notice The account installed the module under this entity id before; an entity id serves once.
    error EntityIdUsed(uint32 entityId);
    /// @notice A first owner is missing.
    error OwnerMissing();
    /// @notice Only bit 0 (text grants off) has a meaning.
    error UnknownFlags(uint8 flags);
    /// @notice Only the account itself may ask for this.
    error NotTheAccount(address caller);
    /// @notice The text was not signed by the owner who may: `signer` is zero where the signature is none.
    error NotTheOwner(address signer, uint32 entityId);
    /// @notice Texts do not grant under this entity id; the account itself may.
    error TextGrantsOff(uint32 entityId);
    /// @notice The grant that an operation carries is not that of the session whose rules it uses.
    error GrantOfAnotherSession(bytes32 granted, bytes32 used);
    /// @notice The grant states other decimals of a token than the pinned ones; 2^256 - 1: none are pinned, and an operation may not ask the token, so `pin` them before.
    error DecimalsNotPinned(address token, uint256 stated, uint256 pinned);
    /// @notice The token does not say its decimals, or says more than 77.
    error NoDecimals(address token);
    /// @notice A kill must be of a time after the last one, not above seven days ago, and not above fifteen minutes ahead. Unix seconds.
    error KillTimeOutOfRange(uint256 time, uint256 killedAt, uint256 now_);
    /// @notice On the runtime path the session key itself must call the account; and it alone may renounce. Zero: nobody signed.
    error NotTheKey(address sender);
    /// @notice On the runtime path no ether may come in.
    error ValueSent(uint256 value);

    // ---------------------------------------------------------------- events

    /// @notice A session is in force; `grant` is all of it, so that sessions can be read back from the chain.
    event Granted(address indexed account, bytes32 indexed root, bytes grant);
    /// @notice The session can never be in force again.
    event Revoked(address indexed account, bytes32 indexed root);
    /// @notice Every session granted before has ended; grants must name the new tag.
    event RevokedAll(address indexed account, bytes6 tag);
    /// @notice The owners are others, and every session granted before has ended.
    event OwnersSet(address indexed account, uint32 indexed entityId, address first, address second);

    // ---------------------------------------------------------------- orders, by the account itself

    /// @notice Puts a session into force. @param data The grant. @return root The session's name on the chain.
    function grant(bytes calldata data) external returns (bytes32 root);

    /// @notice Ends a session for ever, also one that was never in force.
    function revoke(bytes32 root) external;

    /// @notice Ends every session of the account.
    function revokeAll() external;

    /// @notice Replaces the owners of an entity id and ends every session of the account.
    /// @param second May be zero: none.
    function setOwners(uint32 entityId, address first, address second) external;

    // ---------------------------------------------------------------- by the session key

    /**
     * @notice Ends the session whose key the caller is, for ever, also one that was never in force.
     * @param account The account that the session is of; with `entityId` and `tag`, as the grant names them.
     * @param header The grant's header, in which the key stands.
     * @param top The top of the grant's tree.
     * @param signature Empty where the key calls; or r32 ‖ s32 ‖ v1 of the key, which anyone may carry, over
     * keccak256(0x19 ‖ 0x00 ‖ module20 ‖ chainId32 ‖ account20 ‖ root32) (EIP-191, version 0).
     * @return root The session's name on the chain.
     */
    function renounce(
        address account,
        uint32 entityId,
        bytes6 tag,
        bytes calldata header,
        bytes32 top,
        bytes calldata signature
    ) external returns (bytes32 root);

    // ---------------------------------------------------------------- orders by an owner's text, which anyone may carry

    /// @notice Puts a session into force by the first owner's signature (`r ‖ s ‖ v`, s low) of the text that `textOf` prints; pins the decimals that it states.
    function activate(bytes calldata data, bytes calldata signature) external returns (bytes32 root);

    /// @notice Ends every session of the account by the text `REVOKE ALL KEYS of … before …`, signed by an owner of the entity id.
    /// @param everyChain Whether the text says `every chain`, else it names this one. @param time Unix seconds.
    function killByText(
        address account,
        uint32 entityId,
        bool everyChain,
        uint48 time,
        bytes calldata signature
    ) external;

    /// @notice Ends one session by the text `REVOKE A GRANT of …`, signed by an owner of the entity id.
    function revokeByText(address account, uint32 entityId, bytes32 root, bytes calldata signature) external;

    /// @notice Stores a token's own `decimals()`, as they are now, for an account: what is stated in a grant must equal them. Sessions in force count base units, and do not change.
    function pin(address account, address token) external;

    // ---------------------------------------------------------------- to read

    /// @notice The text that the owner's device shows for a grant, whatever account or chain it is for (docs/device-text.md).
    function textOf(bytes calldata data) external view returns (string memory text);

    /// @notice A token's decimals as they were pinned for an account.
    function pinned(address account, address token) external view returns (bool known, uint8 decimals);

    /// @notice The root of a grant that has the form of docs/format.md, whatever account or chain it is for.
    function rootOf(bytes calldata data) external view returns (bytes32 root);

    /// @notice `count` words of a session's storage from word `first`: status and meters.
    function sessionWords(
        address account,
        bytes32 root,
        uint256 first,
        uint256 count
    ) external view returns (bytes32[] memory words);

    /// @notice When the account last ended every session (unix seconds), and the tag that grants must name.
    function killWord(address account) external view returns (uint48 killedAt, uint48 tag);

    /// @notice Who may speak for the account under an entity id; `flags` bit 0: text grants off.
    function ownersOf(
        address account,
        uint32 entityId
    ) external view returns (address first, address second, uint8 flags, bool installed);
}
